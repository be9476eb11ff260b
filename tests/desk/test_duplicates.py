"""The pages on which records that look alike are compared, joined and told apart."""

import pytest

from desk import duplicates, worklist
from institutions import services
from institutions.duplicates import search
from institutions.models import DuplicatePair, Institution, InstitutionMerge, LicenceKind
from tests.institutions.builders import SHUANGLIU, make_institution, make_licence, valid_credit_code

LIST = "/institutions/duplicates/"


@pytest.fixture
def pair(world):
    """A licensed record, and the place as a township entered it once more."""
    code = valid_credit_code(1)
    kept = make_institution(
        world, "晨光教育(硒城校区)", credit_code=code, principal="林一", address="人民路8号2楼"
    )
    goes = make_institution(
        world, "晨光教育（开阳）培训学校", licences=(LicenceKind.FIRE,), principal="罗二",
        address="人民路8号二层", contact_phone="13800000000",
    )  # fmt: skip
    for row in (kept, goes):
        make_licence(row, LicenceKind.SCHOOL_LICENCE, by=world.lin, number="教民001")
    search.look_at_all()
    return DuplicatePair.objects.get()


def post(client, pair, act, **data):
    both = {
        f"version-{side}": getattr(pair, side).version for side in ("first", "second")
    }  # as the page carries them
    pair.first.refresh_from_db()
    return client.post(f"{LIST}{pair.pk}/{act}/", both | {"keep": "first"} | data)


def fresh(pair):
    return DuplicatePair.objects.get(pk=pair.pk)


def test_the_list_counts_what_is_to_decide(world, pair, sign_in):
    page = sign_in(world.lin).get(LIST)
    assert page.status_code == 200
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 0, 0]
    assert "晨光教育(硒城校区)" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=开阳", 1), ("q=云帆", 0), ("reason=site", 1), ("reason=phone", 0),
        ("township=520121001", 1), ("status=different", 0), ("reason=nonsense", 1),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(world, pair, sign_in, query, found):
    page = sign_in(world.lin).get(f"{LIST}?{query}")
    assert page.context["page"].paginator.count == found


def test_a_list_that_does_not_exist_is_said_so(world, sign_in):
    assert sign_in(world.lin).get(f"{LIST}?status=x").status_code == 400


def test_the_queue_of_the_clerk_has_as_many(world, pair):
    counted = {queue.code: number for queue, number in worklist.counts(worklist.queues(world.lin))}
    assert counted["duplicate.decide"] == 1
    assert "duplicate.decide" not in {queue.code for queue in worklist.queues(world.shi)}


def test_facts_stand_side_by_side_with_what_differs(world, pair, sign_in):
    page = sign_in(world.lin).get(pair.get_absolute_url())
    both = page.context["both"]
    assert {"name", "principal", "credit_code", "contact_phone"} <= {
        fact.name for fact in both.differing
    }
    assert "categories" in {fact.name for fact in both.agreeing}
    assert both.keep == "first"
    assert "13800000000" not in page.content.decode()


def test_what_only_one_record_says_is_taken_by_default(world, pair, sign_in):
    both = sign_in(world.lin).get(pair.get_absolute_url()).context["both"]
    chosen = {fact.name: fact.chosen for fact in both.differing}
    assert chosen["contact_phone"] == "second"
    assert chosen["name"] == "first"


def test_a_paper_and_a_place_on_both_are_offered_to_be_set_aside(world, pair, sign_in):
    both = sign_in(world.lin).get(pair.get_absolute_url()).context["both"]
    assert [row.value.split(":")[0] for row in both.on_both] == ["licence", "site"]


def test_joining_keeps_one_record_with_the_chosen_facts(world, pair, sign_in):
    client = sign_in(world.lin)
    both = client.get(pair.get_absolute_url()).context["both"]
    answer = post(
        client, pair, "merge", reason="同一家",
        **{"fact-principal": "second", "fact-name": "first"},
        aside=[row.value for row in both.on_both],
    )  # fmt: skip
    assert answer.url == pair.first.get_absolute_url()
    kept = Institution.objects.get(pk=pair.first_id)
    assert kept.principal == "罗二"
    assert kept.merged.get() == pair.second
    assert not pair.second.sites.filter(voided_at=None).exists()
    page = client.get(answer.url).content.decode()
    assert pair.second.number in page
    assert fresh(pair).status == "same"


def test_the_dossier_of_the_record_that_went_leads_to_the_other(world, pair, sign_in):
    client = sign_in(world.lin)
    post(client, pair, "merge", reason="同一家")
    assert client.get(pair.second.get_absolute_url()).url == pair.first.get_absolute_url()


@pytest.mark.parametrize(
    ("data", "status"),
    [({"reason": ""}, 409), ({"keep": ""}, 400), ({"version-second": "99", "reason": "x"}, 409)],
)
def test_what_cannot_be_joined_is_refused_and_nothing_is_lost(world, pair, sign_in, data, status):
    answer = post(sign_in(world.lin), pair, "merge", **({"fact-principal": "second"} | data))
    assert answer.status_code == status
    assert not InstitutionMerge.objects.exists()
    if status == 409:
        facts = {fact.name: fact.chosen for fact in answer.context["both"].differing}
        assert facts["principal"] == "second"
        assert answer.context["refusal"]


def test_flagging_keeps_both_records(world, pair, sign_in):
    answer = post(sign_in(world.lin), pair, "flag", second="second", reason="重复登记")
    assert answer.url == LIST
    assert Institution.objects.get(pk=pair.second_id).duplicate_of == pair.first
    assert Institution.objects.registered().count() == 2


def test_telling_apart_goes_on_to_the_next(world, pair, sign_in):
    third = make_institution(world, "晨光教育培训学校", licences=(), township=SHUANGLIU)
    search.look_at_all()
    client = sign_in(world.lin)
    first = DuplicatePair.objects.by_score().first()
    answer = client.post(f"{LIST}{first.pk}/apart/", {"difference": "两家", "version": "1"})
    assert fresh(first).status == "different"
    assert answer.url != LIST
    assert str(third.number)


def test_telling_apart_without_a_word_is_refused(world, pair, sign_in):
    assert post(sign_in(world.lin), pair, "apart", difference=" ").status_code == 409


def test_what_was_told_apart_is_taken_up_again(world, pair, sign_in):
    client = sign_in(world.lin)
    post(client, pair, "apart", difference="两家")
    assert "两家" in client.get(pair.get_absolute_url()).content.decode()
    answer = post(client, pair, "again", difference="再看")
    assert answer.url == pair.get_absolute_url()
    assert fresh(pair).is_open


def test_joining_is_undone_on_its_page(world, pair, sign_in):
    client = sign_in(world.lin)
    post(client, pair, "merge", reason="同一家", **{"fact-principal": "second"})
    merge = InstitutionMerge.objects.get()
    url = f"/institutions/merges/{merge.pk}/undo/"
    assert "罗" not in client.get(url).content.decode().split("<main")[0]
    assert client.post(url, {"reason": "", "version": "1"}).status_code == 422
    answer = client.post(url, {"reason": "看错了", "version": "1"})
    assert answer.url == pair.get_absolute_url()
    assert Institution.objects.get(pk=pair.first_id).principal == "林一"
    assert client.post(url, {"reason": "再来", "version": "1"}).status_code == 409


def test_a_township_sees_the_pair_and_cannot_decide(world, pair, sign_in):
    client = sign_in(world.shi)
    page = client.get(pair.get_absolute_url())
    assert not page.context["may"]
    assert post(client, pair, "apart", difference="两家").status_code == 403
    assert sign_in(world.he).get(pair.get_absolute_url()).status_code == 404
    assert sign_in(world.ying).get(pair.get_absolute_url()).status_code == 404


def test_two_lists_are_warned_of(world, pair):
    class Entry:
        def __init__(self, kind):
            self.kind = kind

    both = duplicates.SideBySide(world.lin, pair)
    both.first.__dict__["entries"] = [Entry("WHITE")]
    both.second.__dict__["entries"] = [Entry("WHITE")]
    for side in (both.first, both.second):
        side.entries[0].status = "live"
    assert len(list(both.warnings())) == 1


def test_pieces_that_differ_are_marked():
    assert duplicates.marked("晨光教育", "晨星教育") == [
        ("晨", False),
        ("光", True),
        ("教育", False),
    ]


def test_a_second_look_finds_flags_settled(world, pair):
    services.mark_duplicate(pair.second, pair.first, by=world.lin)
    search.look_at_all()
    assert not DuplicatePair.objects.open().exists()
