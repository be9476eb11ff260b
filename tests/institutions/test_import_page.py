"""The import in the browser: upload, questions, decisions, confirm, undo; without script."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from governance import workbooks
from governance.models import ImportBatch, ImportRow
from institutions.models import Institution
from tests.governance.files import bomb, ledger, protected
from tests.institutions.builders import make_institution
from tests.institutions.ledgers import CODE, HEADS, row, sheet

NAME = "晨光艺术培训学校"
HOME = "/institutions/import/"


@pytest.fixture
def lin(world, sign_in) -> Client:
    return sign_in(world.lin)


def send(client, content, **more):
    content = content if isinstance(content, bytes) else content.read()
    file = SimpleUploadedFile("台账.xlsx", content)
    return client.post(HOME, {"file": file, "division": "520121", **more})


def uploaded(client, content, **more):
    response = send(client, content, **more)
    assert response.status_code == 302, response.content.decode()
    return ImportBatch.objects.latest("pk"), response.url


def page(client, url):
    response = client.get(url, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def act(client, batch, what, **data):
    batch.refresh_from_db()
    url = f"{HOME}{batch.pk}/{what}/"
    return client.post(url, {"version": batch.version, **data}, follow=True)


# --- upload -----------------------------------------------------------------------------------


def test_the_page_offers_the_county_first_and_then_its_townships(lin):
    body = page(lin, HOME)
    assert body.index("开阳县") < body.index("硒城街道")
    assert "multipart/form-data" in body


def test_an_upload_shows_what_each_row_would_do_and_enters_nothing(lin):
    batch, url = uploaded(lin, sheet(row(NAME)))
    assert NAME in page(lin, url)
    assert batch.counts["new"] == 1
    assert not Institution.objects.exists()


BAD = {
    "empty": (b"", 422),
    "truncated": (ledger("zhengzhou").read_bytes()[:3000], 422),
    "program": (b"MZ\x90\0\x03\0\0\0" + bytes(100), 415),
    "web page": (b"<html><table></table></html>", 415),
    "no table": ("甲,乙\n丙,丁\n".encode(), 422),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_answered_on_the_page(lin, what):
    content, status = BAD[what]
    response = send(lin, content)
    assert response.status_code == status
    assert "error-summary" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_protected_file_and_a_bomb_are_answered_on_the_page(lin):
    assert send(lin, protected()).status_code == 422
    assert send(lin, bomb(20)).status_code == 413


def test_a_file_over_the_limit_is_refused_before_it_is_read(lin):
    assert send(lin, bytes(22 * 1024 * 1024)).status_code == 413


def test_a_sheet_that_is_not_there_is_said_at_its_field(lin):
    response = send(lin, ledger("lanzhou").read_bytes(), sheet="9")
    assert response.status_code == 422
    assert "id_sheet" in response.content.decode()


def test_a_form_without_a_file_is_shown_again(lin):
    assert lin.post(HOME, {"division": "520121"}).status_code == 422


def test_the_template_is_understood_by_the_import(lin):
    content = b"".join(lin.get(f"{HOME}template.xlsx").streaming_content)
    batch, _url = uploaded(lin, content)
    assert batch.counts["new"] == 1
    assert all(column["field"] for column in batch.columns)


# --- questions --------------------------------------------------------------------------------


def test_the_year_is_asked_and_answered(lin):
    batch, url = uploaded(lin, ledger("jinzhou").read_bytes())
    body = page(lin, url)
    assert "查处时间" in body
    assert 'name="year_0"' in body
    act(lin, batch, "years", year_0="2020")
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["error"]) == (5, 0)


def test_a_year_that_is_none_is_shown_again(lin):
    batch, _url = uploaded(lin, ledger("jinzhou").read_bytes())
    assert act(lin, batch, "years", year_0="20").status_code == 422


def test_a_column_gets_another_meaning(lin):
    batch, _url = uploaded(lin, sheet([NAME, "一号", "甲"], heads=("机构名称", "地址", "别的")))
    said = {"column_0": "name", "column_1": "address", "column_2": "note"}
    act(lin, batch, "columns", **said)
    act(lin, batch, "apply")
    assert Institution.objects.get().note == "甲"


def test_two_columns_cannot_mean_the_same(lin):
    batch, _url = uploaded(lin, sheet([NAME, "一号"], heads=("机构名称", "地址")))
    response = act(lin, batch, "columns", column_0="name", column_1="name")
    assert response.status_code == 422


def test_a_cell_is_mended_on_the_page(lin):
    batch, url = uploaded(lin, sheet(row(NAME, 统一社会信用代码="123")))
    assert 'name="cell_2_统一社会信用代码"' in page(lin, url)
    act(lin, batch, "rows", **{"cell_2_统一社会信用代码": CODE})
    act(lin, batch, "apply")
    assert Institution.objects.get().credit_code == CODE


def test_a_likely_duplicate_is_decided_on_the_page(lin, world):
    known = make_institution(world, NAME, address="一号")
    batch, url = uploaded(lin, sheet(row(NAME, "九号")))
    assert f'href="/institutions/{known.pk}/"' in page(lin, url)
    act(lin, batch, "rows", row_2="site")
    act(lin, batch, "apply")
    assert known.sites.count() == 2


def test_personal_columns_are_named_and_never_shown(lin):
    heads = ("机构名称", "地址", "负责人", "身份证号")
    batch, url = uploaded(lin, sheet([NAME, "一号", "张三", "520121199001011234"], heads=heads))
    body = page(lin, f"{url}?tab=new")
    assert "身份证号" in body
    assert "5201211990" not in body
    assert "张三" not in body
    assert ImportRow.objects.get(batch=batch).private_cells


@pytest.mark.parametrize(
    "tab", ["new", "changed", "unchanged", "site", "duplicate", "error", "passed", "nonsense"]
)
def test_every_tab_opens(lin, world, tab):
    make_institution(world, NAME, credit_code=CODE, address="一号")
    rows = [
        row("晨光美术学校", "一号", 统一社会信用代码=CODE),
        row(NAME, "九号"),
        row("新学校", "二号"),
        row("坏学校", "三号", 统一社会信用代码="1"),
        ["合计"],
    ]
    _batch, url = uploaded(lin, sheet(*rows))
    assert lin.get(f"{url}?tab={tab}").status_code == 200


# --- acts -------------------------------------------------------------------------------------


def test_confirming_enters_the_rows_and_undo_takes_them_out(lin):
    batch, url = uploaded(lin, sheet(row(NAME)))
    act(lin, batch, "apply")
    assert Institution.objects.filter(voided_at=None).count() == 1
    assert f"{HOME}{batch.pk}/undo/" in page(lin, url)
    act(lin, batch, "undo")
    assert not Institution.objects.filter(voided_at=None).exists()


def test_a_register_that_moved_shows_the_new_preview(lin, world):
    batch, _url = uploaded(lin, sheet(row(NAME, "一号")))
    make_institution(world, NAME, address="一号", licences=())
    act(lin, batch, "apply")
    batch.refresh_from_db()
    assert (batch.status, batch.counts["unchanged"]) == ("previewed", 1)


def test_a_stale_confirmation_is_refused(lin):
    batch, _url = uploaded(lin, sheet(row(NAME)))
    response = lin.post(f"{HOME}{batch.pk}/apply/", {"version": batch.version + 1})
    assert response.status_code == 409


def test_a_discarded_preview_keeps_no_rows(lin):
    batch, _url = uploaded(lin, sheet(row(NAME)))
    act(lin, batch, "drop")
    assert not ImportRow.objects.exists()


def test_the_same_file_twice_is_noticed(lin):
    content = sheet(row(NAME)).read()
    first, _url = uploaded(lin, content)
    act(lin, first, "apply")
    _second, url = uploaded(lin, content)
    assert f'href="{HOME}{first.pk}/"' in page(lin, url)


def test_rows_with_errors_come_back_as_a_workbook_that_can_be_sent_again(lin):
    batch, _url = uploaded(lin, sheet(row("好学校", "二号"), row(NAME, 统一社会信用代码="123")))
    content = b"".join(lin.get(f"{HOME}{batch.pk}/errors.xlsx").streaming_content)
    lines = [line.cells for line in workbooks.read(io.BytesIO(content)).sheets[0].rows]
    assert lines[0][: len(HEADS)] == list(HEADS)
    assert lines[1][2:5] == [NAME, "人民路1号", "123"]
    assert lines[1][-2] == "3"
    mended = openpyxl.load_workbook(io.BytesIO(content))
    mended.active["E2"] = CODE
    out = io.BytesIO()
    mended.save(out)
    again, _url = uploaded(lin, out.getvalue())
    assert (again.counts["new"], again.counts["error"]) == (1, 0)


# --- who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shi", "shen", "xi"])
def test_others_may_not_open_the_page(world, sign_in, name):
    assert sign_in(getattr(world, name)).get(HOME).status_code == 403


def test_strangers_sign_in_first(client, world):
    assert client.get(HOME).status_code == 302


def test_the_import_of_another_department_does_not_exist(lin, world, sign_in):
    _batch, url = uploaded(lin, sheet(row(NAME)))
    for name in ("ying", "mei"):
        assert sign_in(getattr(world, name)).get(url).status_code == 404
    assert sign_in(world.ning).get(url).status_code == 200


def test_the_preview_costs_the_same_for_3_rows_and_60(lin, django_assert_max_num_queries):
    rows = [row(f"第{n}学校", f"{n}号") for n in range(60)]
    _batch, url = uploaded(lin, sheet(*rows))
    with django_assert_max_num_queries(25):
        lin.get(url)
