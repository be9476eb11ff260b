"""Addresses of the desk."""

from django.urls import path

from desk import (
    dossier_views,
    duplicates_views,
    ledger_choices,
    ledger_tabs,
    ledger_views,
    peek,
    public_views,
    statistics_views,
    verify_views,
    views,
)

urlpatterns = [
    path("v/<slug:token>/", verify_views.page, name="verify"),
    path("", public_views.home, name="home"),
    path("public/institutions/", public_views.institutions, name="public-institutions"),
    path("public/institutions/<str:number>/", public_views.institution, name="public-institution"),
    path("desk/", views.desk, name="desk"),
    path("desk/done/", views.done, name="done"),
    path("desk/leader/", views.leader, name="leader"),
    path("stats/", statistics_views.statistics, name="stats"),
    path("stats/export/", statistics_views.export, name="stats-export"),
    path("search/", views.search, name="search"),
    path("institutions/", ledger_views.ledger_page, name="institutions"),
    path("institutions/<int:pk>/", dossier_views.dossier, name="institution"),
    path("institutions/<int:pk>/peek/", peek.peek, name="institution-peek"),
    path("institutions/<int:pk>/print/", dossier_views.printed, name="institution-dossier-print"),
    path("institutions/<int:pk>/history/", dossier_views.history, name="institution-history"),
    path("institutions/duplicates/", duplicates_views.pairs, name="duplicate-pairs"),
    path("institutions/duplicates/<int:pk>/", duplicates_views.pair, name="duplicate-pair"),
    path("institutions/duplicates/<int:pk>/merge/", duplicates_views.merge, name="duplicate-merge"),
    path("institutions/duplicates/<int:pk>/flag/", duplicates_views.flag, name="duplicate-flag"),
    path("institutions/duplicates/<int:pk>/apart/", duplicates_views.apart, name="duplicate-apart"),
    path("institutions/duplicates/<int:pk>/again/", duplicates_views.again, name="duplicate-again"),
    path("institutions/merges/<int:pk>/undo/", duplicates_views.undo, name="merge-undo"),
    path("institutions/filters/", ledger_views.filters, name="institution-filters"),
    path("institutions/sums/", ledger_views.sums, name="institution-sums"),
    path("institutions/tabs/", ledger_tabs.page, name="institution-tabs"),
    path("institutions/export/", ledger_views.export, name="institution-export"),
    path("institutions/print/", ledger_views.printed, name="institution-print"),
    path("institutions/columns/", ledger_choices.columns, name="institution-columns"),
    path("institutions/views/", ledger_choices.views, name="institution-views"),
    path("institutions/views/<int:pk>/", ledger_choices.view, name="institution-view"),
]
