"""Addresses of the kernel: accounts, administration, health."""

from django.urls import path

from governance import account_views, display_views, file_views, health, manage_views

urlpatterns = [
    path("accounts/login/", account_views.sign_in, name="login"),
    path("accounts/logout/", account_views.sign_out, name="logout"),
    path("accounts/password/", account_views.password, name="password"),
    path("accounts/act-as/", account_views.act_as, name="act-as"),
    path("accounts/language/", account_views.language, name="language"),
    path("accounts/display/", display_views.settings, name="display"),
    path("manage/", manage_views.manage, name="manage"),
    path("manage/day/", manage_views.set_day, name="day"),
    path("files/<uuid:uuid>/<slug:variant>/", file_views.attachment, name="attachment"),
    path("papers/<slug:token>/<slug:form>/", file_views.paper, name="paper"),
    path("v/<slug:token>/", file_views.verify_paper, name="paper-verify"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
