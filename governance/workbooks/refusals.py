"""Why a workbook could not be read: one error, stable codes, a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from governance.errors import BadRequest

MEGABYTE = 1024 * 1024

SENTENCES = {
    "empty": _("The file is empty (0 bytes). Save the workbook again and choose the saved file."),
    "too_big": _("The file is larger than 20 MB. Remove pictures, or split the ledger into parts."),
    "truncated": _(
        "The file is damaged or was cut off on the way. Open it in Excel or WPS, save it "
        "again, and upload that copy."
    ),
    "encrypted": _(
        "The workbook is protected by a password. Remove the password in Excel or WPS "
        "and save it again."
    ),
    "zip_bomb": _(
        "The file unpacks to far more than a ledger needs and was refused. Copy the "
        "table into a new workbook."
    ),
    "not_workbook": _("This is not a workbook. Use an .xlsx, .xls or .csv file."),
    "web_page": _(
        "This is a web page with the name of a workbook. Open it in Excel or WPS and "
        "save it as .xlsx."
    ),
    "encoding": _("The text of this file cannot be read. Save it as .xlsx, or as CSV in UTF-8."),
    "too_many_rows": _("The workbook has more than 100,000 rows. Split it into parts."),
    "too_many_columns": _(
        "The table has more than 200 columns. Delete the columns that are not part of "
        "the ledger."
    ),
    "too_complex": _(
        "The workbook needs too much memory or time to read. Copy the table into a new "
        "workbook and save it as .xlsx."
    ),
    "no_sheet": _("The workbook has no such sheet."),
    "no_table": _(
        "No table was found: no row carries the column heads of a ledger, such as "
        "机构名称 and 地址."
    ),
}  # fmt: skip
HTTP_STATUS = {"too_big": 413, "zip_bomb": 413, "not_workbook": 415, "web_page": 415}


class BadWorkbook(BadRequest):
    """A file that cannot be taken in: a stable `code`, the HTTP `status`, a sentence as `str()`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code if code in SENTENCES else "truncated"
        self.status = HTTP_STATUS.get(self.code, 422)

    def __str__(self) -> str:
        return str(SENTENCES[self.code])
