"""A page with every fragment in every state, for the eye and for axe; it exists in tests only."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import gettext as _

from governance import charts
from governance.labels import choices

TOWNS = ["城关街道", "和山镇", "清溪镇", "石桥乡", "云台镇"]
KINDS = ["draft", "open", "wait", "ok", "warn", "bad", "info", "black", "white"]
LIGHTS = [
    ("green", "剩 12 工作日"),
    ("amber", "剩 2 工作日"),
    ("red", "逾期 3 天"),
    ("stop", "已中止计时（补正）"),
    ("done", "按期办结"),
    ("late", "逾期办结"),
]


class GalleryForm(forms.Form):
    name = forms.CharField(label="机构名称", help_text="与证照上的名称一致")
    code = forms.CharField(
        label="统一社会信用代码",
        required=False,
        widget=forms.TextInput(attrs={"class": "w-code code", "maxlength": 18}),
    )
    town = forms.ChoiceField(label="乡镇", choices=[("", "全部"), *((t, t) for t in TOWNS)])
    found_on = forms.DateField(label="发现日期")
    kind = forms.ChoiceField(
        label="机构类型", choices=choices("Institution.kind"), widget=forms.RadioSelect
    )
    categories = forms.MultipleChoiceField(
        label="类别",
        choices=choices("Institution.category"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    urgent = forms.BooleanField(label="需要督办", required=False, help_text="将通知分管领导")
    photo = forms.FileField(
        label="照片", required=False, widget=forms.FileInput(attrs={"data-max-mb": 15})
    )


class FilterForm(forms.Form):
    q = forms.CharField(label="名称", required=False)
    town = forms.ChoiceField(
        label="乡镇", choices=[("", "全部"), *((t, t) for t in TOWNS)], required=False
    )
    category = forms.ChoiceField(
        label="类别", choices=[("", "全部"), *choices("Institution.category")], required=False
    )
    status = forms.ChoiceField(
        label="状态", choices=[("", "全部"), *choices("Finding.status")], required=False
    )
    overdue = forms.BooleanField(label="只看逾期", required=False)


def _rows() -> list[dict]:
    return [
        {
            "pk": n,
            "name": f"晨光艺术培训学校第{n}分校有限公司",
            "code": f"52990121MJ{n:07d}P",
            "town": TOWNS[n % 5],
            "category": "SUBJECT" if n % 2 else "ARTS",
            "light": LIGHTS[n % 6],
            "fee": Decimal(n * 1234) / 10,
            "status": ["open", "closed", "dismissed"][n % 3],
        }
        for n in range(1, 261)
    ]


def context(request: HttpRequest) -> dict:
    """Everything the gallery shows."""
    page = Paginator(_rows(), 12).get_page(request.GET.get("page"))
    now = dt.datetime(2026, 11, 22, 1, 30, tzinfo=dt.UTC)
    return {
        "kinds": KINDS,
        "lights": LIGHTS,
        "page": page,
        "page_sizes": [50, 100, 200],
        "filter_form": FilterForm(request.GET or None),
        "form": GalleryForm(request.POST or None, request.FILES or None),
        "tabs": [
            {"label": "待办", "url": "?tab=todo", "current": True, "count": 12},
            {"label": "已办", "url": "?tab=done", "count": 340},
            {"label": "我发起的", "url": "?tab=mine", "count": 0},
        ],
        "steps": [
            {"label": "提出", "state": "done", "on": dt.date(2026, 11, 2)},
            {"label": "告知当事人", "state": "done", "on": dt.date(2026, 11, 5)},
            {"label": "陈述申辩期", "state": "current", "note": "至 2026-11-26"},
            {"label": "决定", "state": "todo"},
            {"label": "公示", "state": "todo"},
        ],
        "entries": [
            {"at": now, "title": "复查不通过", "who": "王敏 · 县教育局", "kind": "bad"},
            {"at": now, "title": "提交整改材料", "text": "照片 4 张", "kind": "ok", "url": "#x"},
            {"on": dt.date(2025, 9, 1), "title": "发证", "who": "县教育局"},
        ],
        "facts": [
            {"label": "名称", "value": "晨光艺术培训学校"},
            {"label": "负责人", "value": None},
            {"label": "信用代码", "value": "52990121MJ0000001P", "source": "导入 2026-11-02"},
            {"label": "地址", "value": "城关街道人民路 12 号", "wide": True, "changed": True},
        ],
        "fields": [{"label": "负责人", "theirs": "古丽·买买提", "mine": "李䶮"}],
        "day": dt.date(2026, 11, 22),
        "now": now,
        "charts": _charts(),
    }


def _charts() -> list[charts.Chart]:
    bars = charts.Chart(
        title="各乡镇未结问题",
        sentence="城关街道最多，占四成。",
        unit="件",
        categories=TOWNS,
        series=[charts.Series("未结", [21, 8, 0, 13, 5])],
        links=[f"?town={n}" for n in range(5)],
    )
    stacked = charts.Chart(
        title="证照状态",
        sentence="无证无照的集中在学科类。",
        unit="家",
        kind="stacked",
        categories=["学科类", "艺术类", "职业技能类"],
        series=[
            charts.Series("有证有照", [5, 3, 1]),
            charts.Series("有照无证", [52, 8, 2]),
            charts.Series("无证无照", [37, 3, 2]),
        ],
    )
    line = charts.Chart(
        title="每月检查次数",
        sentence="九月开学检查最多。",
        unit="次",
        kind="line",
        categories=[f"{n}月" for n in range(1, 13)],
        series=[charts.Series("2026", [4, 2, 9, 12, 8, 7, 3, 6, 31, 14, 9, None])],
    )
    nothing = charts.Chart(title="投诉", sentence="", unit="件", categories=TOWNS, series=[])
    return [bars, stacked, line, nothing]


def gallery(request: HttpRequest, base: str) -> HttpResponse:
    shown = context(request)
    status = 422 if request.method == "POST" and not shown["form"].is_valid() else 200
    shown["base"] = {"staff": "base.html", "my": "my/base.html", "public": "public/base.html"}[base]
    shown["site"] = {"owner": "明川县教育局", "phone": "0990-1234567", "icp": "备案 1 号"}
    shown["heading"] = _("Statistics")
    return render(request, "gallery/gallery.html", shown, status=status)


def phone(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/phone.html", context(request))


urlpatterns = [
    path("gallery/phone/", phone),
    path("gallery/<base>/", gallery),
    path("", include("config.urls")),
]
