"""Addresses of the ledger import, below `/institutions/import/`."""

from django.urls import path

from institutions import annex_views as annexes
from institutions import import_answer_views as answers
from institutions import import_views as views

urlpatterns = [
    path("", views.upload, name="ledger-import"),
    path("annex/<int:number>/", annexes.annex, name="ledger-annex"),
    path("annex/<int:number>/template/", annexes.template, name="ledger-annex-template"),
    path("template.xlsx", views.template, name="ledger-template"),
    path("<int:pk>/", views.preview, name="ledger-import-preview"),
    path("<int:pk>/years/", answers.years, name="ledger-import-years"),
    path("<int:pk>/columns/", answers.columns, name="ledger-import-columns"),
    path("<int:pk>/rows/", answers.rows, name="ledger-import-rows"),
    path("<int:pk>/cell/", answers.cell, name="ledger-import-cell"),
    path("<int:pk>/cure/", answers.cure, name="ledger-import-cure"),
    path("<int:pk>/apply/", views.apply, name="ledger-import-apply"),
    path("<int:pk>/progress/", views.progress, name="ledger-import-progress"),
    path("<int:pk>/stop/", views.stop, name="ledger-import-stop"),
    path("<int:pk>/original/", views.original, name="ledger-import-original"),
    path("<int:pk>/undo/", views.undo, name="ledger-import-undo"),
    path("<int:pk>/drop/", views.drop, name="ledger-import-drop"),
    path("<int:pk>/errors.xlsx", views.errors, name="ledger-import-errors"),
]
