"""Charts are drawn on the server and say in words what they show."""

from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from governance.charts import Chart, Series, nice_top, text_width

TOWNS = ["城关街道", "和山镇", "<b>"]


def make(kind="bar", values=(3, 0, None), **more) -> Chart:
    return Chart("未结问题", TOWNS, [Series("未结", values)], kind=kind, **more)


def svg(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)


@pytest.mark.parametrize("kind", ["bar", "stacked", "line"])
def test_every_kind_is_well_formed_and_named(kind):
    drawing = svg(make(kind, sentence="城关最多"))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "未结问题。城关最多"


def test_bars_begin_at_nought_and_keep_their_proportions():
    drawing = svg(make(values=(10, 5, 0)))
    widths = [float(bar.get("width")) for bar in drawing.iter("rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[2] == 0


def test_figures_stand_on_the_marks():
    words = ["".join(text.itertext()) for text in svg(make(values=(1234, 0, None))).iter("text")]
    assert "1,234" in words
    assert "—" in words  # not collected is not nought


def test_stacked_parts_end_with_their_sum():
    chart = Chart("状态", ["甲"], [Series("a", [2]), Series("b", [3])], kind="stacked")
    words = ["".join(text.itertext()) for text in svg(chart).iter("text")]
    assert words[-1] == "5"
    assert {"a", "b"} <= set(words)


def test_links_lead_to_the_rows_behind():
    drawing = svg(make(links=["?a", "?b", "?c"]))
    assert [link.get("href") for link in drawing.iter("a")] == ["?a", "?b", "?c"]
    assert drawing.get("role") == "group"


def test_nothing_counted_is_said_and_keeps_the_axis():
    chart = Chart("投诉", TOWNS, [])
    html = Template("{% load mingshu %}{% chart c %}").render(Context({"c": chart}))
    assert chart.is_empty
    assert 'class="axis"' in html


def test_the_same_figures_stand_in_a_table():
    html = Template("{% load mingshu %}{% chart c %}").render(Context({"c": make()}))
    assert html.count('<th scope="row">') == 3
    assert "<b>" not in html


def test_an_axis_ends_on_a_round_number():
    assert [nice_top(n) for n in (0, 3, 9, 31, 101, 4000)] == [4, 4, 10, 40, 200, 4000]


def test_chinese_takes_more_room():
    assert text_width("城关") > text_width("ab")
