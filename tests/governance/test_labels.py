"""Every coded value has its word and colour in one table."""

import pytest
from django.apps import apps
from django.utils import translation

from governance import labels

OURS = {"governance", "institutions", "inspections", "campaigns", "publiclists"}


def test_a_state_is_said_in_the_active_language():
    assert labels.label("Finding.status", "open") == "待整改"
    with translation.override("en"):
        assert labels.label("Finding.status", "open") == "Open"


def test_a_badge_says_what_its_colour_means():
    assert labels.badge("Finding.status", "open") == "warn"
    assert labels.badge("ListEntry.kind", "BLACK") == "black"
    assert labels.badge("ListEntry.kind", "WHITE") == "white"


def test_an_unknown_value_stands_for_itself():
    assert labels.label("Finding.status", "lost") == "lost"
    assert labels.badge("Finding.status", "lost") == "draft"
    assert labels.label("Finding.status", None) == ""


def test_lazy_words_follow_the_language_of_the_page():
    word = labels.lazy_label("cert_status", "FULL")
    assert str(word) == "有证有照"
    with translation.override("en"):
        assert str(word) == "Licensed and registered"


def test_choices_keep_the_order_of_the_table():
    values = [value for value, _word in labels.choices("Inspection.status")]
    assert values == [
        "planned",
        "assigned",
        "in_progress",
        "signed",
        "pending_closure",
        "closed",
        "cancelled",
    ]


def test_every_row_has_two_words():
    rows = [row for values in labels.table().values() for row in values.values()]
    assert len(rows) > 200
    assert all(row.zh and row.en and row.kind for row in rows)


def _coded_fields():
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for field in model._meta.fields:
                domain = f"{model.__name__}.{field.name}"
                if domain in labels.table() and field.choices:
                    yield pytest.param(domain, field, id=domain)


@pytest.mark.parametrize(("domain", "field"), list(_coded_fields()))
def test_every_value_a_model_can_take_has_a_word(domain, field):
    missing = [value for value, _ in field.flatchoices if str(value) not in labels.table()[domain]]
    assert not missing
