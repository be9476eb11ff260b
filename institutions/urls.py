"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("institutions/import/", include("institutions.import_urls")),
]
