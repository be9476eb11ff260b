"""Addresses of the lists: staff under /lists/, everybody under /public/."""

from django.urls import path

from publiclists import my_views, public_views, views

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/new/", views.propose, name="list-propose"),
    path("lists/publications/", views.publications, name="publications"),
    path("lists/publications/<int:pk>/", views.publication, name="publication"),
    path("lists/publish/<slug:kind>/", views.publish, name="list-publish"),
    path("lists/<int:pk>/", views.entry, name="list-entry"),
    path("lists/<int:pk>/preview/", views.preview, name="list-preview"),
    path("lists/<int:pk>/evidence/", views.add_evidence, name="list-evidence"),
    path("lists/<int:pk>/files/", views.add_file, name="list-file"),
    path(
        "lists/<int:pk>/evidence/<int:evidence>/drop/",
        views.drop_evidence,
        name="list-evidence-drop",
    ),
    path("lists/<int:pk>/objections/<int:objection>/", views.review, name="list-review"),
    path("lists/<int:pk>/<slug:act>/", views.act, name="list-act"),
    path("my/lists/", my_views.lists, name="my_lists"),
    path("my/lists/<int:pk>/", my_views.entry, name="my_list"),
    path("public/lists/", public_views.lists, name="public-lists"),
    path("public/lists/<slug:kind>/", public_views.listing, name="public-list"),
    path(
        "public/lists/<slug:kind>/<int:number>.json",
        public_views.publication_file,
        name="publication-file",
    ),
    path("public/lists/<slug:kind>/list.csv", public_views.list_csv, name="public-list-csv"),
    path("public/lists/<slug:kind>/feed.xml", public_views.feed, name="public-feed"),
    path(
        "public/lists/<slug:kind>/entries/<slug:number>/", public_views.entry, name="public-entry"
    ),
    path("public/verify/", public_views.verify, name="public-verify"),
    path("public/keys.json", public_views.keys, name="public-keys"),
]
