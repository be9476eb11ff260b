"""Addresses of the desk."""

from django.urls import path

from desk import public_views, views

urlpatterns = [
    path("", public_views.home, name="home"),
    path("public/institutions/", public_views.institutions, name="public-institutions"),
    path("public/institutions/<str:number>/", public_views.institution, name="public-institution"),
    path("desk/", views.desk, name="desk"),
    path("desk/done/", views.done, name="done"),
    path("desk/leader/", views.leader, name="leader"),
    path("search/", views.search, name="search"),
]
