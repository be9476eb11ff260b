"""Addresses of collecting, under /campaigns/."""

from django.urls import path

from campaigns.views import collections, returns, templates

urlpatterns = [
    path("campaigns/", collections.collections, name="collections"),
    path("campaigns/matrix/", collections.show_matrix, name="collection-matrix"),
    path("campaigns/new/", collections.new, name="collection-new"),
    path("campaigns/<int:pk>/", collections.collection, name="collection"),
    path("campaigns/<int:pk>/merged/", collections.merged, name="collection-merged"),
    path("campaigns/<int:pk>/press/", collections.press_late, name="collection-press"),
    path("campaigns/<int:pk>/<slug:act>/", collections.act, name="collection-act"),
    path("campaigns/forms/", templates.templates, name="collection-templates"),
    path("campaigns/forms/new/", templates.new, name="collection-template-new"),
    path("campaigns/forms/<int:pk>/", templates.template, name="collection-template"),
    path("campaigns/forms/<int:pk>/edit/", templates.edit, name="collection-template-edit"),
    path("campaigns/forms/<int:pk>/retire/", templates.retire, name="collection-template-retire"),
    path("campaigns/returns/", returns.returns, name="returns"),
    path("campaigns/returns/<int:pk>/", returns.show, name="return"),
    path("campaigns/returns/<int:pk>/begin/", returns.begin, name="return-begin"),
    path("campaigns/returns/<int:pk>/zero/", returns.zero, name="return-zero"),
    path("campaigns/returns/<int:pk>/withdraw/", returns.withdraw, name="return-withdraw"),
    path("campaigns/returns/<int:pk>/upload/", returns.upload, name="return-upload"),
    path("campaigns/returns/<int:pk>/sheet/", returns.sheet, name="return-sheet"),
    path("campaigns/returns/<int:pk>/press/", returns.press, name="return-press"),
    path("campaigns/returns/<int:pk>/<slug:act>/", returns.act, name="return-act"),
]
