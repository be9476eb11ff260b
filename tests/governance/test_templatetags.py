"""What `{% load mingshu %}` gives to templates."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from governance import daylight, display
from governance.templatetags import mingshu


@pytest.fixture(autouse=True)
def on_the_22nd(monkeypatch):
    monkeypatch.setattr(daylight, "today", lambda: dt.date(2026, 11, 22))


def rendered(source: str, query: str = "", **context) -> str:
    request = RequestFactory().get(f"/list/{query}")
    template = Template("{% load i18n mingshu %}" + source)
    return template.render(Context({"request": request, **context}))


def test_a_badge_carries_word_and_kind():
    assert rendered('{% badge "Finding.status" "open" %}') == (
        '<span class="st st-warn">待整改</span>'
    )
    assert rendered('{% badge "Finding.status" "" %}') == ""


def test_a_badge_escapes_what_it_is_given():
    assert "<script>" not in rendered('{% st "ok" word %}', word="<script>")


def test_no_clock_no_light():
    assert rendered("{% light clock %}", clock=None) == ""


def test_moments_are_shown_in_beijing_time():
    moment = dt.datetime(2026, 11, 21, 17, 5, tzinfo=dt.UTC)
    assert ">2026-11-22 01:05<" in rendered("{% when moment %}", moment=moment)


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (dt.date(2026, 11, 22), "zh-hans", "11月22日（星期日）"),
        (dt.date(2027, 1, 4), "zh-hans", "2027年1月4日（星期一）"),
        (dt.date(2026, 11, 22), "en", "Sunday 22 November"),
        (dt.date(2027, 1, 4), "en", "Monday 4 January 2027"),
    ],
)
def test_a_day_in_a_sentence_names_its_weekday(day, language, words):
    with translation.override(language):
        assert mingshu.prose_day(day) == words


def test_what_is_not_known_is_said_to_be_so():
    for source in ("{% day x %}", "{% when x %}", "{% money x %}", "{% missing %}"):
        assert 'class="missing"' in rendered(source, x=None)


def test_money_has_two_places_and_groups():
    assert "¥1,234.50" in rendered("{% money fee %}", fee=Decimal("1234.5"))


def test_a_changed_query_keeps_the_rest():
    query = "?town=a&town=b&page=3"
    assert rendered("{% query_replace page=4 %}", query) == "?town=a&amp;town=b&amp;page=4"
    assert rendered("{% query_replace page=None town=None %}", query) == "?"


@pytest.mark.parametrize(
    ("query", "direction", "target"),
    [
        ("", "none", "?sort=name"),
        ("?sort=name&page=3", "ascending", "?sort=-name"),
        ("?sort=-name", "descending", "?sort=name"),
    ],
)
def test_a_column_head_turns_the_order(query, direction, target):
    html = rendered('{% sort_header "name" "Name" %}', query)
    assert f'aria-sort="{direction}"' in html
    assert f'href="{target}"' in html


class Filters(forms.Form):
    q = forms.CharField(label="名称", required=False)
    town = forms.MultipleChoiceField(label="乡镇", choices=[("1", "城关"), ("2", "和山")])
    overdue = forms.BooleanField(label="逾期", required=False)


def test_every_condition_can_be_taken_back_alone():
    html = rendered(
        "{% chips form total=3 %}", "?q=晨&town=1&town=2&overdue=on&sort=q&page=2", form=Filters()
    )
    assert "town=2&amp;overdue=on&amp;sort=q" in html.split('class="chip"')[2]
    for words in ("城关", "和山", "晨"):
        assert words in html
    assert 'href="?sort=q"' in html  # clearing keeps the order


def test_no_conditions_no_chips():
    assert 'class="chip"' not in rendered("{% chips form %}", "?page=2&q=", form=Filters())


class Report(forms.Form):
    name = forms.CharField(label="名称", help_text="与证照一致")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    seen_on = forms.DateField(label="日期")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="确认")


def test_a_field_has_label_hint_and_its_mark_for_optional():
    html = rendered("{% field form.name %}{% field form.note %}", form=Report())
    assert 'for="id_name"' in html
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert html.count('class="optional"') == 1


def test_a_wrong_field_says_so_beside_itself_and_in_the_summary():
    form = Report({"name": ""})
    field, summary = (
        rendered("{% field form.name %}", form=form),
        rendered('{% include "_errors.html" %}', form=form),
    )
    assert 'aria-invalid="true"' in field
    assert 'id="id_name_error"' in field
    assert 'href="#id_name"' in summary
    assert 'href="#id_kind_box"' in summary
    assert summary.count("<li>") == 4


def test_every_control_has_its_bootstrap_class():
    html = rendered('{% include "_form.html" %}', form=Report())
    assert 'class="form-control"' in html
    assert 'class="form-check-input"' in html
    assert "data-date" in html


def test_the_display_cookie_takes_known_words_only():
    assert display.classes({"display": "large.contrast.nokeys.evil<"}) == ["contrast", "large"]
    assert display.classes({}) == []


def test_the_display_page_reads_and_writes_its_cookie():
    form = display.DisplayForm({"size": "large", "density": "dense", "nokeys": "on"})
    assert form.is_valid()
    assert form.cookie() == "large.dense.nokeys"
    again = display.DisplayForm.current({"display": form.cookie()})
    assert again.initial == {
        "size": "large",
        "density": "dense",
        "contrast": False,
        "nokeys": True,
    }


def test_timeline_years_come_from_moments_and_days():
    assert mingshu.year_of({"at": dt.datetime(2025, 12, 31, 17, tzinfo=dt.UTC)}) == 2026
    assert mingshu.year_of({"on": dt.date(2025, 1, 1)}) == 2025
    assert mingshu.year_of({}) is None
