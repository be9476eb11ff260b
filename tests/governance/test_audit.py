"""The audit trail: append-only, sealed, and telling when somebody laid hands on it."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import audit, labels
from governance.audit import Verb
from governance.models import AuditEvent, AuditSeal

pytestmark = pytest.mark.django_db


def tamper(sql: str, *values) -> None:
    """What a database owner could do: switch the triggers off and change rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def trail(world):
    for number in range(6):
        audit.record(Verb.SHARED, world.lin, by=world.lin, number=number)
    return world


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM governance_auditevent",
        "UPDATE governance_auditevent SET verb = 'x'",
        "UPDATE governance_auditevent SET seal_id = NULL",
        "TRUNCATE governance_auditevent",
        "DELETE FROM governance_auditseal",
        "DELETE FROM governance_auditwitness",
        "TRUNCATE governance_auditwitness",
    ],
)
def test_the_database_refuses_to_change_the_trail(trail, sql):
    audit.seal()
    audit.record(Verb.SHARED, trail.lin, by=trail.lin)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_event_knows_person_row_and_facts(trail):
    event = audit.history(trail.lin).first()
    assert (event.by, event.subject, event.facts) == (trail.lin, trail.lin, {"number": 5})


def test_an_untouched_trail_is_intact_sealed_or_not(trail):
    assert audit.verify().intact
    audit.seal()
    assert audit.verify().intact
    assert audit.verify().unsealed == 0


def test_sealing_nothing_makes_no_seal(trail):
    audit.seal()
    assert audit.seal() is None


def test_each_seal_stands_on_the_one_before(trail):
    first = audit.seal()
    audit.record(Verb.SHARED, trail.lin, by=trail.lin)
    assert audit.seal().previous == first.digest == AuditSeal.objects.get(pk=first.pk).digest


def test_the_head_is_the_newest_seal(trail):
    assert audit.head() == audit.GENESIS
    seal = audit.seal()
    assert audit.head() == seal.digest


COLUMNS = {
    "verb": "'share.other'",
    "at": "at + interval '1 second'",
    "object_id": "object_id + 1",
    "subject_label": "'somebody else'",
    "division_id": "'999999'",
    "facts": "'{\"number\": 99}'::jsonb",
    "request_id": "'other'",
    "address": "'10.0.0.1'::inet",
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "unsealed"])
def test_a_changed_value_is_found(trail, column, sealed):
    victim = AuditEvent.objects.order_by("id")[3].pk
    if sealed:
        audit.seal()
    tamper(f"UPDATE governance_auditevent SET {column} = {COLUMNS[column]} WHERE id = %s", victim)
    found = audit.verify()
    assert not found.intact
    assert found.missing == ([] if sealed else [victim])


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(victims=st.sets(st.integers(0, 5), min_size=1), sealed=st.booleans())
def test_any_deleted_event_is_found(trail, victims, sealed):
    with transaction.atomic():
        ids = list(AuditEvent.objects.order_by("-id").values_list("id", flat=True)[:6])
        if sealed:
            audit.seal()
        gone = [ids[victim] for victim in victims]
        tamper("DELETE FROM governance_auditevent WHERE id = ANY(%s)", gone)
        found = audit.verify()
        assert not found.intact
        assert sealed or found.missing == sorted(gone)
        transaction.set_rollback(True)


def test_a_seal_taken_out_breaks_the_chain(trail):
    first = audit.seal()
    audit.record(Verb.SHARED, trail.lin, by=trail.lin)
    audit.seal()
    tamper("UPDATE governance_auditevent SET seal_id = NULL WHERE seal_id = %s", first.pk)
    tamper("DELETE FROM governance_auditseal WHERE id = %s", first.pk)
    assert "chain" in {fault.code for fault in audit.verify().faults}


def test_a_rolled_back_act_is_no_fault(trail):
    with transaction.atomic():
        audit.record(Verb.SHARED, trail.lin, by=trail.lin)
        transaction.set_rollback(True)
    audit.record(Verb.SHARED, trail.lin, by=trail.lin)
    assert audit.verify().intact


def test_the_command_exits_with_an_error_when_the_trail_was_touched(trail, capsys):
    call_command("verify_audit")
    assert "intact" in capsys.readouterr().out
    tamper(
        "DELETE FROM governance_auditevent WHERE id = (SELECT max(id) FROM governance_auditevent)"
    )
    with pytest.raises(SystemExit):
        call_command("verify_audit")


def test_a_verb_outside_the_list_is_refused(world):
    with pytest.raises(ValueError, match=r"not\.a\.verb"):
        audit.record("not.a.verb", world.lin, by=world.lin)


def test_every_verb_has_its_words():
    """The audit trail is read by people: a verb without a row in the table of labels is missing."""
    assert set(Verb.values) - set(labels.table()["Verb"]) == set()
