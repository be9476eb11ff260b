"""The signature: what must be there, what it fixes, what comes of it."""

import uuid as uuids

import pytest

from governance import audit
from inspections import services
from inspections.models import Finding, Inspection
from tests.conftest import TODAY
from tests.inspections.builders import (
    CRITICAL,
    FIRE,
    MINOR,
    add_photo,
    make_record,
    make_signed,
    no,
)

pytestmark = pytest.mark.django_db

YES = {"item": "A01", "value": "YES"}


def sign(inspection, by, **more):
    facts = {"party": "signed", "signer_name": "陈"} | more
    return services.sign(inspection, by=by, **facts)


def signatures(inspection, by):
    add_photo(inspection, by, 101, "party_signature")
    add_photo(inspection, by, 102, "officer_signature")


def test_a_clean_record_is_closed_by_its_signature(world, school):
    row = make_signed(school, world.shi, YES)
    assert (row.status, row.disclosed_to) == ("closed", school.pk)
    verbs = audit.history(row).values_list("verb", flat=True)
    assert list(verbs)[:2] == ["inspection.closed", "inspection.signed"]


def test_every_no_becomes_a_finding_of_the_competent_department(world, school):
    row = make_signed(school, world.shi, YES, no(FIRE, "楼道堆放课桌"), no(MINOR))
    found = {finding.item.code: finding for finding in row.findings.all()}
    assert found[FIRE].lead == world.department("fire")
    assert found[MINOR].lead == world.department("edu")
    assert (found[FIRE].severity, found[FIRE].clock_rule) == (
        "critical", "finding.rectify.critical.stop",
    )  # fmt: skip
    assert (found[FIRE].description, found[FIRE].found_on) == ("楼道堆放课桌", TODAY)
    assert row.status == "signed"  # until the notices are out


def test_a_finding_keeps_the_uuid_of_the_phone(world, school):
    uuid = uuids.uuid4()
    row = make_signed(school, world.shi, no(MINOR, uuid=str(uuid)))
    assert row.findings.get().uuid == uuid


def test_what_was_seen_outside_the_checklist_is_a_finding_too(world, school):
    seen = {
        "uuid": str(uuids.uuid4()), "problem_code": "AD_FALSE", "severity": "major",
        "note": "门口横幅写着“全国第一”",
    }  # fmt: skip
    row = make_signed(school, world.shi, YES, observations=[seen])
    finding = row.findings.get()
    assert (finding.lead, finding.clock_rule) == (
        world.department("samr"), "finding.rectify.major",
    )  # fmt: skip


def test_licensor_leads_where_the_table_leaves_it_open(world, school):
    """谁审批谁监管: the registrar of this school is market supervision."""
    assert make_signed(school, world.shi, no("A02")).findings.get().lead == world.department("samr")


def test_without_the_department_the_bureau_leads(world, school):
    """开阳 of the tests has no housing bureau."""
    assert make_signed(school, world.shi, no("B02")).findings.get().lead == world.department("edu")


def test_put_right_on_the_spot_is_closed_at_once(world, school):
    row = make_signed(school, world.shi, no(MINOR, fixed=True, fix_note="当场补贴监督电话"))
    finding = row.findings.get()
    assert (finding.status, finding.fixed_on_spot, finding.closed_on) == ("closed", True, TODAY)
    assert row.status == "closed"


def test_a_critical_problem_is_not_closed_on_the_spot(world, school):
    row = make_record(school, world.shi, no(CRITICAL, fixed=True, fix_note="已补"))
    signatures(row, world.shi)
    with pytest.raises(services.Incomplete) as refusal:
        sign(row, world.shi)
    assert refusal.value.items == [CRITICAL]


def test_a_no_needs_words_and_a_picture_or_a_reason(world, school):
    row = make_record(school, world.shi, no(FIRE, ""), photos_missing_reason="")
    signatures(row, world.shi)
    with pytest.raises(services.Incomplete, match=FIRE):
        sign(row, world.shi)
    services.record(
        row.uuid,
        {**services.recording.documents.document_of(row), "revision": 2, "device_time": None}
        | {"answers": [no(FIRE, "上锁") | {"fixed": False, "fix_note": ""}]},
        by=world.shi,
    )
    row.refresh_from_db()
    with pytest.raises(services.Incomplete, match=r"photo|照片"):
        sign(row, world.shi)


def test_the_institution_signs_with_name_and_hand(world, school):
    row = make_record(school, world.shi, YES)
    with pytest.raises(services.Incomplete) as refusal:
        sign(row, world.shi, signer_name="")
    assert refusal.value.items == ["signer_name", "party_signature"]


def test_a_refusal_needs_reason_and_witness(world, school):
    row = make_record(school, world.shi, YES)
    with pytest.raises(services.Incomplete) as refusal:
        sign(row, world.shi, party="refused")
    assert refusal.value.items == ["refusal_reason", "witness_name"]
    sign(row, world.shi, party="refused", refusal_reason="认为不实", witness_name="社区干部王某")
    assert (row.status, row.party_signature) == ("closed", "refused")


def test_nobody_there_needs_a_witness_and_the_record_stays_inside(world, school):
    row = make_record(school, world.shi, no(MINOR))
    with pytest.raises(services.Incomplete):
        sign(row, world.shi, party="absent")
    sign(row, world.shi, party="absent", witness_name="物业李某")
    assert row.disclosed_to is None
    assert row.findings.get().disclosed_to is None


def test_signing_twice_is_refused(world, school):
    row = make_signed(school, world.shi, YES)
    with pytest.raises(services.recording.Refused):
        sign(row, world.shi)


def test_a_stale_copy_does_not_sign(world, school):
    row = make_record(school, world.shi, YES)
    signatures(row, world.shi)
    with pytest.raises(services.recording.Refused):
        sign(row, world.shi, version=row.version - 1)
    assert Inspection.objects.get().status == "in_progress"


def test_only_who_was_there_signs(world, school):
    row = make_record(school, world.shi, YES)
    with pytest.raises(services.NotYours):
        sign(row, world.lin)


def test_the_record_says_why_it_is_no_evidence(world, school):
    assert make_signed(school, world.shi, YES).evidence_gaps == ["kind", "officers", "cards"]
    two = [{"membership": world.du.pk}, {"membership": world.dai.pk}]
    row = make_signed(school, world.du, YES, kind="SPECIAL", officers=two)
    assert (row.can_be_evidence, row.evidence_gaps) == (True, [])


def test_one_person_cannot_sign_a_special_inspection(world, school):
    row = make_record(school, world.du, YES, kind="SPECIAL")
    signatures(row, world.du)
    with pytest.raises(services.recording.Refused):
        sign(row, world.du)


def test_departments_see_their_findings_and_the_record(world, school, chen):
    row = make_signed(school, world.shi, no(FIRE), no(MINOR))
    assert Inspection.objects.visible_to(world.lin).get() == row
    assert Finding.objects.visible_to(world.lin).count() == 2  # fire's too: it leads the field
    assert not Finding.objects.visible_to(world.ma)
    assert not Finding.objects.visible_to(world.he)
    assert Finding.objects.visible_to(chen).count() == 2
    assert Inspection.objects.visible_to(chen).get() == row


def test_signing_on_the_spot_serves_the_notices(world, school):
    row = make_signed(school, world.shi, no(FIRE), no(MINOR), no("D11"), serve_now=True)
    tasks = [finding.tasks.get() for finding in row.findings.all()]
    assert {task.status for task in tasks} == {"served"}
    assert {task.service_way for task in tasks} == {"on_spot"}
    assert row.status == "pending_closure"
    assert (
        len({task.paper_id for task in tasks}) == 2
    )  # one of the bureau for both its findings, one of the fire brigade


def test_finalizing_names_what_is_missing_and_may_be_repeated(world, school):
    row = make_record(school, world.shi, YES)
    uuid = add_photo(row, world.shi, 101, "party_signature")
    lost = {"uuid": uuids.uuid4(), "sha256": "0" * 64}
    there = {"uuid": uuid, "sha256": row.photos.get().sha256}
    signing = {"party": "signed", "signer_name": "陈"}
    missing = services.finalize(row, [there, lost], signing, by=world.shi)
    assert missing == [str(lost["uuid"])]
    assert services.finalize(row, [there], signing, by=world.shi) == []
    assert services.finalize(row, [there], signing, by=world.shi) == []
    row.refresh_from_db()
    assert row.status == "closed"
