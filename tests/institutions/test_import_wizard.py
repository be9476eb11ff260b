"""The wizard: meanings of columns remembered, cells mended one by one, cures, all or nothing."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from governance import import_memory, workbooks
from governance.models import AuditEvent, ImportBatch, ImportMapping
from institutions.imports import acts
from institutions.models import Institution
from tests.institutions.ledgers import CODE, bring_in, previewed, row, sheet

NAME = "晨光艺术培训学校"
HOME = "/institutions/import/"
ODD = ("培训点叫啥", "地址", "老板信箱", "其他说明")


@pytest.fixture
def lin(world, sign_in) -> Client:
    return sign_in(world.lin)


def send(client, content, **more):
    file = SimpleUploadedFile("台账.xlsx", content.read())
    response = client.post(HOME, {"file": file, "division": "520121", **more})
    assert response.status_code == 302, response.content.decode()
    return ImportBatch.objects.latest("pk"), response.url


def act(client, batch, what, **data):
    batch.refresh_from_db()
    url = f"{HOME}{batch.pk}/{what}/"
    return client.post(url, {"version": batch.version, **data}, follow=True)


def odd(name=NAME):
    return sheet([name, "一号", "甲乙", "丙"], heads=ODD)


# --- meanings of columns ----------------------------------------------------------------------


def test_a_workbook_without_a_known_name_asks_what_its_columns_mean(lin):
    _batch, url = send(lin, odd(), head="1")
    assert url.endswith("/columns/")
    body = lin.get(url).content.decode()
    assert "培训点叫啥" in body
    assert "甲乙" in body  # the first cells help to tell


def test_what_a_column_means_is_remembered_for_the_same_heads(lin):
    batch, _url = send(lin, odd(), head="1")
    act(lin, batch, "columns", column_0="name", column_1="address", column_3="note")
    again, url = send(lin, odd("星河艺术培训学校"), head="1")
    assert not url.endswith("/columns/")
    assert again.counts["new"] == 1
    assert "上次" in lin.get(url).content.decode()


def test_a_colleague_profits_and_another_department_does_not(world, lin):
    batch, _url = send(lin, odd(), head="1")
    act(lin, batch, "columns", column_0="name", column_1="address")
    table, _answers = acts.understood(odd(), acts.Answers(head=1), by=world.ning)
    assert table.column("name")
    table, _answers = acts.understood(odd(), acts.Answers(head=1), by=world.mei)
    assert table.column("name") is None


def test_the_sheet_of_wrong_rows_has_the_shape_of_its_workbook(world):
    batch = previewed(world, odd(), head=1)
    heads = [*batch.columns, {"group": "", "title": "错误原因"}]
    assert import_memory.shape(heads) == import_memory.shape(batch.columns)
    assert import_memory.shape(heads[1:]) != import_memory.shape(batch.columns)


def test_columns_that_no_field_takes_are_named(lin):
    _batch, url = send(lin, sheet([NAME, "一号", "甲"], heads=("机构名称", "地址", "别的")))
    assert "没有对应字段，仅随导入留存，不写入台账：别的" in lin.get(url).content.decode()


def test_meanings_are_kept_once_for_each_shape_of_heads(world):
    batch = previewed(world, odd(), head=1)
    for said in ({"A": "name"}, {"A": "note"}):
        import_memory.remember(batch, said, by=world.lin)
    assert ImportMapping.objects.get().columns == {"A": "note"}


# --- cells ------------------------------------------------------------------------------------


def bad(n, **more):
    return row(f"第{n}艺术学校", f"{n}号", 统一社会信用代码="123", **more)


def mend(client, batch, number, value, **headers):
    data = {"row": number, f"cell_{number}_统一社会信用代码": value}
    return client.post(f"{HOME}{batch.pk}/cell/", data, headers=headers)


@pytest.mark.parametrize("few", [2_000, 1])
def test_one_cell_is_mended_without_the_page(lin, world, monkeypatch, few):
    monkeypatch.setattr(acts, "FEW", few)
    batch = previewed(world, sheet(bad(1), bad(2), row(NAME)))
    response = mend(lin, batch, 2, CODE, **{"hx-request": "true"})
    body = response.content.decode()
    assert 'id="row-2"' in body
    assert 'id="row-3"' not in body
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["error"]) == (2, 1)
    monkeypatch.setattr(acts, "FEW", 2_000)  # or a worker would enter the rows
    act(lin, batch, "apply", mode="skip")
    assert Institution.objects.get(credit_code=CODE)


def test_a_cell_mended_wrongly_says_so_and_stays_open(lin, world):
    batch = previewed(world, sheet(bad(1)))
    body = mend(lin, batch, 2, "456", **{"hx-request": "true"}).content.decode()
    assert "456" in body
    assert "data-mend" in body


def test_without_script_a_mended_cell_comes_back_as_the_page(lin, world):
    batch = previewed(world, sheet(bad(1)))
    assert mend(lin, batch, 2, CODE).status_code == 302


def test_only_cells_that_are_wrong_can_be_mended(lin, world):
    batch = previewed(world, sheet(bad(1)))
    lin.post(f"{HOME}{batch.pk}/cell/", {"row": 2, "cell_2_机构名称": "别的名字"})
    batch.refresh_from_db()
    assert "cells" not in batch.answers


def test_a_preview_that_was_entered_takes_no_cells_any_more(lin, world):
    batch = previewed(world, sheet(bad(1), row(NAME)))
    acts.apply(batch, by=world.lin)
    assert mend(lin, batch, 2, CODE).status_code == 409


# --- all or nothing ---------------------------------------------------------------------------


def test_the_user_chooses_openly_what_happens_to_wrong_rows(lin, world):
    batch = previewed(world, sheet(bad(1), row(NAME)))
    assert act(lin, batch, "apply").status_code == 422
    assert act(lin, batch, "apply", mode="all").status_code == 422
    assert not Institution.objects.exists()
    act(lin, batch, "apply", mode="skip")
    assert Institution.objects.count() == 1
    [event] = AuditEvent.objects.filter(verb="import.applied")
    assert event.facts["mode"] == "skip"


def test_all_or_nothing_is_looked_at_again_when_it_is_confirmed(world):
    with pytest.raises(acts.RowsLeftOut):
        acts.apply(previewed(world, sheet(bad(1), row(NAME))), by=world.lin, mode=acts.ALL)


# --- cures ------------------------------------------------------------------------------------


def hidden(*numbers):
    book = openpyxl.load_workbook(sheet(row(NAME), row("星河艺术培训学校", "二号")))
    for number in numbers:
        book.active.row_dimensions[number].hidden = True
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_hidden_rows_are_left_out_with_one_press_and_read_with_another(lin, world):
    batch = previewed(world, hidden(3))
    act(lin, batch, "cure", hidden="skip")
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["skipped"]) == (1, 1)
    act(lin, batch, "cure", hidden="read")
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["skipped"]) == (2, 0)


def test_a_number_that_lost_its_digits_is_read_as_empty_with_one_press(lin, world):
    batch = previewed(world, sheet(row(NAME, 统一社会信用代码=5.2520121e17)))
    assert batch.counts["error"] == 1
    assert "科学计数" in lin.get(f"{HOME}{batch.pk}/").content.decode()
    act(lin, batch, "cure", lost="empty")
    batch.refresh_from_db()
    assert batch.counts["new"] == 1


def test_full_width_and_merged_cells_are_said_to_be_cured(lin, world):
    lines = [[1, "硒城街道", NAME, "人民路１号"], [None, None, None, "人民路２号"]]
    batch = previewed(world, sheet(*lines, merges=("C2:C3",)))
    assert batch.remarks == {"merged": 1, "full_width": 2}
    body = lin.get(f"{HOME}{batch.pk}/").content.decode()
    assert "全角" in body
    assert "合并单元格" in body


def test_an_answer_that_is_none_is_refused(lin, world):
    batch = previewed(world, hidden(3))
    assert act(lin, batch, "cure", hidden="nonsense").status_code == 422


# --- the wrong rows ---------------------------------------------------------------------------


def test_wrong_rows_go_out_mended_and_in_again_only_once(lin, world):
    batch = bring_in(sheet(row("好学校", "二号"), bad(1)), by=world.lin)
    content = b"".join(lin.get(f"{HOME}{batch.pk}/errors.xlsx").streaming_content)
    heads = workbooks.read(io.BytesIO(content)).sheets[0].rows[0].cells
    assert heads[-2:] == ["原行号", "错误原因"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active["E2"] = CODE
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    again, url = send(lin, out)
    assert (again.counts["new"], again.counts["duplicate"], again.counts["rows"]) == (1, 0, 1)
    assert "没有对应字段" not in lin.get(url).content.decode()


def test_a_row_below_a_hidden_one_goes_with_it(world):
    book = openpyxl.load_workbook(
        sheet([1, None, NAME, "一号"], [None, None, None, "二号"], merges=("C2:C3",))
    )
    book.active.row_dimensions[2].hidden = True
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    batch = previewed(world, out, hidden="skip")
    assert results_of(batch) == ["skipped", "skipped"]


def results_of(batch):
    return list(batch.rows.order_by("number").values_list("result", flat=True))
