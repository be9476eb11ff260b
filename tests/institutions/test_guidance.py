"""The lawful measure beside each institution, and applications that are guided to a licence."""

import datetime as dt

import pytest

from desk import worklist
from governance.workflow import Refused, TransitionRefused
from institutions import measures, services
from institutions.measures import Measure
from institutions.models import Guidance, Institution, Kind
from tests.institutions.builders import make_institution, make_licence

ON = dt.date(2026, 3, 2)


@pytest.fixture
def place(world):
    return make_institution(world, licences=("business_licence",), can_qualify=True)


@pytest.fixture
def guidance(world, place):
    return services.begin_guidance(
        place, by=world.lin, goal="SCHOOL_LICENCE", begun_on=ON, text="首次约谈"
    )


MEASURES = [
    # certificates, can qualify → measure, lead
    (("school_licence", "business_licence"), None, Measure.SUPERVISE, "EDU"),
    (("school_licence",), None, Measure.REGISTER, "SAMR"),
    (("business_licence",), True, Measure.GUIDE, "EDU"),
    (("business_licence",), False, Measure.KEEP_SCOPE, "SAMR"),
    (("nonprofit_cert",), False, Measure.KEEP_SCOPE, "CIVIL"),
    ((), True, Measure.GUIDE, "EDU"),
    ((), False, Measure.STOP, "EDU"),
    ((), None, Measure.ASSESS, "EDU"),
]


@pytest.mark.parametrize(("kinds", "can", "expected", "lead"), MEASURES)
def test_status_and_qualification_give_the_measure(world, kinds, can, expected, lead):
    place = make_institution(world, licences=kinds, can_qualify=can)
    [row] = Institution.objects.with_cert_status()
    advice = measures.advice(place, place.period(), row.cert_status)
    assert (advice.measure, advice.lead.kind) == (expected, lead)


def test_care_that_may_not_train_is_kept_as_such(world):
    place = make_institution(world, licences=(), kind=Kind.AFTERCARE)
    advice = measures.advice(place, place.period(), "NONE")
    assert advice.measure == Measure.CARE
    assert "不得开展培训" in advice.rule.measure_zh


def test_the_ledger_filters_and_shows_the_measure_as_the_dossier_does(world, sign_in):
    client = sign_in(world.lin)
    for at, (kinds, can, expected, _lead) in enumerate(MEASURES):
        place = make_institution(world, f"机构{at}", licences=kinds, can_qualify=can)
        rows = client.get(f"/institutions/?measure={expected}&q={place.number}").context["rows"]
        assert len(rows) == 1
        overview = client.get(f"/institutions/{place.pk}/").context["dossier"]
        assert overview.advice.measure == expected


def test_guidance_is_begun_once(world, place, guidance):
    assert guidance.steps.get().text == "首次约谈"
    with pytest.raises(Refused):
        services.begin_guidance(place, by=world.lin, goal="BOTH", begun_on=ON)


def test_a_step_has_its_day_and_words(world, guidance):
    with pytest.raises(Refused):
        services.guide(guidance, by=world.lin, on=dt.date(2026, 3, 1), text="早了")
    with pytest.raises(Refused):
        services.guide(guidance, by=world.lin, on=ON, text=" ")
    services.guide(guidance, by=world.lin, on=ON, text="消防材料已补")
    assert guidance.steps.count() == 2


def test_it_ends_with_the_licence_on_record(world, place, guidance):
    end = dt.date(2026, 3, 4)
    with pytest.raises(Refused):
        services.end_guidance(guidance, "licensed", by=world.lin, on=end, text="已发证")
    licence = make_licence(place, "school_licence", by=world.lin)
    services.end_guidance(
        guidance, "licensed", by=world.lin, on=end, text="已发证", licence=licence
    )
    assert Guidance.objects.get().licence == licence
    with pytest.raises(TransitionRefused):
        services.end_guidance(guidance, "withdrawn", by=world.lin, on=end, text="再结束")


def test_who_cannot_qualify_gets_another_measure(world, place, guidance):
    services.end_guidance(
        guidance, "cannot_qualify", by=world.lin, on=dt.date(2026, 3, 4), text="场地无法整改"
    )
    place.refresh_from_db()
    now = Institution.objects.get(pk=place.pk).period()
    assert now.can_qualify is False
    assert measures.measure(now.kind, "REG_ONLY", now.can_qualify) == Measure.KEEP_SCOPE


def test_what_is_guided_waits_on_the_desk_of_its_department(world, guidance):
    def waiting(actor):
        return [queue.code for queue, _n in worklist.counts(worklist.queues(actor))]

    assert "guidance.mine" in waiting(world.lin)
    assert "guidance.mine" not in waiting(world.ma)


def test_certificates_near_their_end_wait_too(world, sign_in):
    make_institution(world, licences=("school_licence",), valid_to=dt.date(2026, 3, 20))
    counts = {queue.code: n for queue, n in worklist.counts(worklist.queues(world.lin))}
    page = sign_in(world.lin).get("/institutions/licences/ending/").context["page"]
    assert counts["licence.ending"] == len(page.object_list) == 1


def test_guidance_is_led_on_pages(world, place, sign_in):
    client = sign_in(world.lin)
    begin = f"/institutions/{place.pk}/guide/"
    form = client.get(begin).context["form"]
    assert form.initial["goal"] == "SCHOOL_LICENCE"
    data = {"goal": "SCHOOL_LICENCE", "lead": form.initial["lead"].pk, "begun_on": "2026-03-02"}
    page = client.post(begin, data | {"text": "约谈"}, follow=True)
    row = Guidance.objects.get()
    assert "约谈" in page.content.decode()
    client.post(
        f"/institutions/guidance/{row.pk}/", {"version": 1, "on": "2026-03-03", "text": "补正"}
    )
    row.refresh_from_db()
    client.post(
        f"/institutions/guidance/{row.pk}/end/",
        {"version": row.version, "on": "2026-03-04", "text": "放弃", "outcome": "withdrawn"},
    )
    listed = client.get("/institutions/guidance/?status=withdrawn").context["page"]
    assert [found.pk for found in listed] == [row.pk]
