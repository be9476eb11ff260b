"""Addresses of filings: departments under /institutions/, institutions under /my/."""

from django.urls import path

from institutions.views import (
    filings,
    identification,
    my_filings,
    my_sheets,
    records,
    staff_lists,
)

STAFF = [
    path("institutions/filings/", filings.index, name="filings"),
    path("institutions/filings/bulk/", filings.bulk, name="filings-bulk"),
    path("institutions/filings/<int:pk>/", filings.filing, name="filing"),
    path("institutions/filings/<int:pk>/accept/", filings.accept, name="filing-accept"),
    path("institutions/filings/<int:pk>/return/", filings.give_back, name="filing-return"),
    path("institutions/records/<slug:kind>/", records.index, name="records"),
    path("institutions/<int:pk>/records/<slug:kind>/new/", records.new, name="record-new"),
    path("institutions/records/<slug:kind>/<int:pk>/", records.correct, name="record-edit"),
    path("institutions/records/<slug:kind>/<int:pk>/end/", records.end, name="record-end"),
    path("institutions/records/<slug:kind>/<int:pk>/void/", records.void, name="record-void"),
    path("institutions/identifications/", identification.index, name="identifications"),
    path("institutions/courses/<int:pk>/identify/", identification.ask, name="identification-ask"),
    path(
        "institutions/identifications/<int:pk>/",
        identification.identification,
        name="identification",
    ),
    path(
        "institutions/identifications/<int:pk>/opinions/",
        identification.opinion,
        name="identification-opinion",
    ),
    path(
        "institutions/identifications/<int:pk>/verdict/",
        identification.decide,
        name="identification-decide",
    ),
    path("institutions/staff-lists/", staff_lists.index, name="staff-lists"),
    path("institutions/staff-lists/teachers/", staff_lists.teachers, name="staff-lists-teachers"),
    path("institutions/staff-lists/barred/", staff_lists.barred, name="staff-lists-barred"),
]
INSTITUTION = [
    path("my/filings/", my_filings.index, name="my_filings"),
    path("my/filings/submit/", my_filings.submit, name="my_filings_submit"),
    path("my/filings/records/<slug:kind>/", my_filings.records, name="my_records"),
    path("my/filings/new/<slug:kind>/", my_filings.new, name="my_filing_new"),
    path(
        "my/filings/change/<slug:kind>/<int:record>/",
        my_filings.change,
        name="my_filing_change",
    ),
    path("my/filings/end/<slug:kind>/<int:record>/", my_filings.end, name="my_filing_end"),
    path("my/filings/sheet/<slug:kind>/", my_sheets.sheet, name="my_filing_sheet"),
    path("my/filings/template/<slug:kind>/", my_sheets.template, name="my_filing_template"),
    path("my/filings/<int:pk>/", my_filings.filing, name="my_filing"),
    path("my/filings/<int:pk>/edit/", my_filings.edit, name="my_filing_edit"),
    path("my/filings/<int:pk>/withdraw/", my_filings.withdraw, name="my_filing_withdraw"),
    path("my/filings/<int:pk>/receipt/", my_filings.receipt, name="my_filing_receipt"),
]
urlpatterns = [*STAFF, *INSTITUTION]
