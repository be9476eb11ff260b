"""Addresses of compliance leads, their rules, the guided prices and the school year."""

from django.urls import path

from institutions.views import leads, my_leads, rules, school_year

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
    path("manage/school-year/", school_year.school_year, name="school-year"),
    path("manage/school-year/set/", school_year.set_term, name="school-term-set"),
    path("manage/school-year/<int:pk>/remove/", school_year.remove_term, name="school-term-out"),
    path("manage/school-year/terms/", school_year.import_terms, name="school-terms-import"),
    path("manage/school-year/hours/", school_year.import_hours, name="school-hours-import"),
]
