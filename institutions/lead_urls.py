"""Addresses of compliance leads, their rules and the guided prices."""

from django.urls import path

from institutions.views import leads, my_leads, rules

urlpatterns = [
    path("institutions/leads/", leads.leads, name="leads"),
    path("institutions/leads/export/", leads.export, name="leads-export"),
    path("institutions/leads/dismiss/", leads.dismiss_picked, name="leads-dismiss"),
    path("institutions/leads/<int:pk>/", leads.lead, name="lead"),
    path("institutions/leads/<int:pk>/ask/", leads.ask, name="lead-ask"),
    path("institutions/leads/<int:pk>/dismiss/", leads.dismiss, name="lead-dismiss"),
    path("institutions/<int:pk>/leads/", leads.of_institution, name="institution-leads"),
    path("my/leads/<int:pk>/", my_leads.lead, name="my_lead"),
    path("manage/compliance/", rules.rules, name="compliance"),
    path("manage/compliance/<str:code>/", rules.rule, name="compliance-rule"),
    path("manage/prices/", rules.guided_prices, name="guided-prices"),
    path("manage/prices/<int:pk>/end/", rules.end_price, name="guided-price-end"),
]
