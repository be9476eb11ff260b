"""Addresses of the ledger import, below `/institutions/import/`."""

from django.urls import path

from institutions import import_views as views

urlpatterns = [
    path("", views.upload, name="import_ledger"),
    path("template.xlsx", views.template, name="import_template"),
    path("<int:pk>/", views.preview, name="import_preview"),
    path("<int:pk>/years/", views.years, name="import_years"),
    path("<int:pk>/columns/", views.columns, name="import_columns"),
    path("<int:pk>/rows/", views.rows, name="import_rows"),
    path("<int:pk>/apply/", views.apply, name="import_apply"),
    path("<int:pk>/undo/", views.undo, name="import_undo"),
    path("<int:pk>/drop/", views.drop, name="import_drop"),
    path("<int:pk>/errors.xlsx", views.errors, name="import_errors"),
]
