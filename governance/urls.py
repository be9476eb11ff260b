"""Addresses of the kernel: accounts, administration, health."""

from django.urls import path

from governance import (
    account_views,
    calendar_views,
    clock_views,
    display_views,
    file_views,
    health,
    inbox_views,
    manage_views,
)

urlpatterns = [
    path("accounts/login/", account_views.sign_in, name="login"),
    path("accounts/logout/", account_views.sign_out, name="logout"),
    path("accounts/password/", account_views.password, name="password"),
    path("accounts/act-as/", account_views.act_as, name="act-as"),
    path("accounts/language/", account_views.language, name="language"),
    path("accounts/display/", display_views.settings, name="display"),
    path("manage/", manage_views.manage, name="manage"),
    path("manage/day/", manage_views.set_day, name="day"),
    path("manage/calendar/", calendar_views.calendar, name="calendar"),
    path("manage/calendar/import/", calendar_views.import_notice, name="calendar-import"),
    path("manage/rules/", calendar_views.rules, name="rules"),
    path("manage/rules/<str:code>/", calendar_views.rule, name="rule"),
    path("manage/rules/<int:pk>/reminders/", calendar_views.set_reminders, name="rule-reminders"),
    path("desk/messages/", inbox_views.inbox, name="messages"),
    path("desk/messages/read/", inbox_views.mark_read, name="messages-read"),
    path("desk/messages/<int:pk>/", inbox_views.open_message, name="message"),
    path("my/messages/", inbox_views.inbox, name="my-messages"),
    path("my/messages/read/", inbox_views.mark_read, name="my-messages-read"),
    path("my/messages/<int:pk>/", inbox_views.open_message, name="my-message"),
    path("clocks/<int:pk>/", clock_views.clock, name="clock"),
    path("clocks/<int:pk>/press/", clock_views.press, name="clock-press"),
    path("files/<uuid:uuid>/<slug:variant>/", file_views.attachment, name="attachment"),
    path("papers/<slug:token>/<slug:form>/", file_views.paper, name="paper"),
    path("v/<slug:token>/", file_views.verify_paper, name="paper-verify"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
