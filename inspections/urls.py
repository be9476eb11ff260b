"""Addresses of this app: staff, phones, institutions."""

from django.urls import path

from inspections.views import board, field, findings, from_leads, inspections, my, phone, tasks

STAFF = [
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/plan/", inspections.plan, name="inspection_plan"),
    path("inspections/export/", inspections.export, name="inspections_export"),
    path("inspections/<int:pk>/", inspections.inspection, name="inspection"),
    path("inspections/<int:pk>/assign/", inspections.assign, name="inspection_assign"),
    path("inspections/<int:pk>/cancel/", inspections.cancel, name="inspection_cancel"),
    path("inspections/<int:pk>/notices/", inspections.notices, name="inspection_notices"),
    path("rectification/", board.rectification, name="rectification"),
    path("rectification/export/", board.export, name="rectification_export"),
    path("rectification/findings/", findings.findings, name="findings"),
    path("rectification/findings/export/", findings.export, name="findings_export"),
    path("rectification/findings/<int:pk>/", findings.finding, name="finding"),
    path("rectification/findings/<int:pk>/dismiss/", findings.dismiss, name="finding_dismiss"),
    path("rectification/findings/<int:pk>/decide/", findings.decide, name="finding_decide"),
    path("rectification/from-lead/<int:pk>/", from_leads.lead_finding, name="lead_finding"),
    path("rectification/<int:pk>/", tasks.task, name="rectification_task"),
    path("rectification/<int:pk>/approve/", tasks.approve, name="task_approve"),
    path("rectification/<int:pk>/serve/", tasks.serve, name="task_serve"),
    path("rectification/<int:pk>/prove/", tasks.prove, name="task_prove"),
    path("rectification/<int:pk>/extend/", tasks.extend, name="task_extend"),
    path("rectification/<int:pk>/decide/", tasks.decide, name="task_decide"),
    path("rectification/<int:pk>/recheck/", tasks.recheck, name="task_recheck"),
    path("rectification/<int:pk>/close/", tasks.close, name="task_close"),
    path("rectification/<int:pk>/press/", tasks.press, name="task_press"),
    path("rectification/<int:pk>/end/", tasks.end, name="task_end"),
    path("rectification/<int:pk>/transfer/", tasks.transfer, name="task_transfer"),
]
PHONE = [
    path("field/", field.home, name="field"),
    path("field/find/", field.find, name="field_find"),
    path("field/inspections/new/<int:institution>/", field.new, name="field_new"),
    path("field/check/<uuid:uuid>/", field.check, name="field_check"),
    path("field/check/<uuid:uuid>/people/", field.people, name="field_people"),
    path("field/check/<uuid:uuid>/sign/", field.sign, name="field_sign"),
    path("field/check/<uuid:uuid>/done/", field.done, name="field_done"),
    path("field/check/<uuid:uuid>/<str:section>/", field.section, name="field_section"),
    path("field/session", phone.session, name="field_session"),
    path("field/inspections/<uuid:uuid>", phone.inspection, name="phone_inspection"),
    path("field/inspections/<uuid:uuid>/photos/<uuid:photo>", phone.photo, name="phone_photo"),
    path("field/inspections/<uuid:uuid>/finalize", phone.finalize, name="phone_finalize"),
]
INSTITUTION = [
    path("my/", my.home, name="my"),
    path("my/papers/", my.papers, name="my_papers"),
    path("my/history/", my.history, name="my_history"),
    path("my/tasks/<int:pk>/", my.task, name="my_task"),
    path("my/tasks/<int:pk>/prove/", my.prove, name="my_prove"),
    path("my/tasks/<int:pk>/extend/", my.extend, name="my_extend"),
]
urlpatterns = [*STAFF, *PHONE, *INSTITUTION]
