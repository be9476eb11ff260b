"""Private values: masked on the page, unreadable in the database, revealed on record."""

import string

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from governance import audit, privacy, private_fields, workflow
from governance.audit import Verb
from governance.models import Division, Membership
from governance.private_fields import EncryptedTextField, SearchHashField, Unreadable
from governance.scoping import DutyMissing, Governed, Rule
from governance.workflow import Refused

OLD_KEY, NEW_KEY = "old-" + "k" * 40, "new-" + "k" * 40
PLACE = "governance.person.phone"

# --- masks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (privacy.mask_name, "王五", "王*"),
        (privacy.mask_name, "诸葛孔明", "诸葛**"),
        (privacy.mask_name, "欧阳", "欧*"),
        (privacy.mask_name, "古丽·买买提", "古*·***"),
        (privacy.mask_name, "John Smith", "J*** S****"),
        (privacy.mask_name, "䶮", "*"),
        (privacy.mask_phone, "13812345678", "138****5678"),
        (privacy.mask_phone, "0851-86121234", "085******1234"),
        (privacy.mask_phone, "12345", "***45"),
        (privacy.mask_id, "52012119900101123X", "520*************3X"),
        (privacy.mask_account, "6222021234567890123", "***************0123"),
        (
            privacy.mask_address,
            "贵州省贵阳市开阳县硒城街道人民路12号",
            "贵州省贵阳市开阳县硒城街道***",
        ),
        (privacy.mask_address, "开阳县双流镇", "开阳县双流镇"),
        (privacy.mask_address, "阳光小区3栋2单元", "阳********"),
        (privacy.mask_address, "硒城街道农贸市场88号", "硒城街道***"),
    ],
)
def test_masks_show_what_is_customary(mask, value, shown):
    assert mask(value) == shown


@pytest.mark.parametrize("mask", privacy.MASKS.values())
def test_nothing_is_masked_as_nothing(mask):
    assert mask("") == mask(None) == ""


NAMES = st.text("王李欧阳古丽·买提赵abcXYZ ", min_size=1, max_size=12)
NUMBERS = st.text(string.digits + "X-", min_size=1, max_size=30)


@given(NAMES)
def test_a_masked_name_hides_at_least_half_of_itself(name):
    letters = [char for char in name.strip() if char not in "· "]
    shown = [char for char in privacy.mask_name(name) if char not in "·* "]
    assert len(shown) <= (len(letters) + 1) / 2 + name.count(" ") / 2 + 1
    assert not letters or privacy.mask_name(name) != name.strip()


@given(NUMBERS, st.sampled_from([privacy.mask_phone, privacy.mask_id, privacy.mask_account]))
def test_a_masked_number_keeps_its_length_and_hides_a_good_part(number, mask):
    masked = mask(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= len(number) / (2 if len(number) < 11 else 3)
    assert all(shown in ("*", real) for shown, real in zip(masked, number, strict=True))


@given(st.text(max_size=60))
def test_no_text_breaks_a_mask(text):
    for mask in privacy.MASKS.values():
        assert isinstance(mask(text), str)


@given(st.text("路巷号栋楼弄0123456789", min_size=1, max_size=20))
def test_a_masked_address_never_shows_the_door(door):
    assert privacy.mask_address(f"开阳县硒城街道{door}") == "开阳县硒城街道***"


# --- cryptography ----------------------------------------------------------------------------


@pytest.fixture
def keys(settings):
    settings.FIELD_KEYS, settings.SEARCH_KEY = OLD_KEY, "s" * 40
    return settings


@given(st.text(max_size=200))
def test_what_is_encrypted_opens_again(text):
    assert private_fields.decrypt(private_fields.encrypt(text, PLACE), PLACE) == text


@given(st.text(min_size=4, max_size=50))
def test_the_stored_form_says_nothing_and_is_never_the_same(text):
    first, second = (private_fields.encrypt(text, PLACE) for _ in range(2))
    assert first != second
    assert text not in first


@given(st.data())
def test_one_changed_character_does_not_open(data):
    stored = private_fields.encrypt("13812345678", PLACE)
    at = data.draw(st.integers(0, len(stored) - 3))  # the last two may carry unused bits
    other = data.draw(st.sampled_from(string.ascii_letters))
    changed = stored[:at] + other + stored[at + 1 :]
    if changed != stored:
        with pytest.raises(Unreadable):
            private_fields.decrypt(changed, PLACE)


def test_a_value_moved_to_another_column_does_not_open(keys):
    stored = private_fields.encrypt("13812345678", PLACE)
    with pytest.raises(Unreadable):
        private_fields.decrypt(stored, "governance.person.id_number")


def test_an_older_key_still_opens_and_a_lost_one_does_not(keys):
    stored = private_fields.encrypt("13812345678", PLACE)
    keys.FIELD_KEYS = f"{NEW_KEY}\n{OLD_KEY}"
    assert private_fields.decrypt(stored, PLACE) == "13812345678"
    assert private_fields.encrypt("x", PLACE).split(":")[0] != stored.split(":")[0]
    keys.FIELD_KEYS = NEW_KEY
    with pytest.raises(Unreadable):
        private_fields.decrypt(stored, PLACE)


def test_the_key_id_is_no_part_of_the_key(keys):
    key_id = private_fields.current_key_id()
    assert key_id not in OLD_KEY
    assert len(key_id) == 8


@pytest.mark.parametrize("material", ["", "short", f"{OLD_KEY} short"])
def test_weak_keys_stop_the_start(keys, material):
    keys.FIELD_KEYS = material
    with pytest.raises(ImproperlyConfigured):
        private_fields.current_key_id()


def test_a_search_hash_levels_spelling_and_depends_on_key_and_purpose(keys):
    first = private_fields.search_hash("138 1234-5678", "phone")
    assert first == private_fields.search_hash("１３８１２３４５６７８", "phone")
    assert first != private_fields.search_hash("13812345678", "id")
    assert private_fields.search_hash(" - ", "phone") == ""
    keys.SEARCH_KEY = "t" * 40
    assert first != private_fields.search_hash("13812345678", "phone")


# --- a row with private fields ---------------------------------------------------------------


@pytest.fixture
def person(world, keys):
    """A governed row with a private phone, in a table of its own for the test."""
    with isolate_apps("governance"):

        class Person(Governed):
            name = models.CharField(max_length=20)
            phone = EncryptedTextField(blank=True)
            phone_hash = SearchHashField(of="phone")
            scope_rule = Rule.REGISTRY

            class Meta:
                app_label = "governance"

        # The test's class stands outside the registry; its relations must still resolve.
        Person._meta.get_field("division").remote_field.model = Division
        Person._meta.get_field("created_by").remote_field.model = Membership
        with connection.schema_editor() as editor:
            editor.create_model(Person)
        ContentType.objects.clear_cache()  # what another test wrote was rolled back
        yield Person.objects.create(
            name="王五",
            phone="13812345678",
            division_id="520121001",
            lead=world.department("edu"),
            created_by=world.lin,
        )
        ContentType.objects.clear_cache()


def raw(person) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT phone FROM {person._meta.db_table} WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_no_plain_value(person):
    assert "13812345678" not in raw(person)
    assert type(person).objects.get(pk=person.pk).phone == "13812345678"


def test_a_row_is_found_by_the_exact_number_in_any_spelling(person):
    wanted = private_fields.search_hash("138-1234-5678", "phone")
    assert type(person).objects.get(phone_hash=wanted) == person


def test_a_private_field_cannot_be_searched(person):
    with pytest.raises(FieldError):
        type(person).objects.filter(phone="13812345678")
    with pytest.raises(FieldError):
        type(person).objects.filter(phone__startswith="138")


def test_a_change_rewrites_value_and_hash_and_audit_says_only_changed(world, person):
    workflow.change(person, verb=Verb.SHARED, by=world.lin, phone="13900000000")
    fresh = type(person).objects.get(pk=person.pk)
    assert fresh.phone == "13900000000"
    assert fresh.phone_hash == private_fields.search_hash("13900000000", "phone")
    assert audit.history(person).first().facts == {"changes": {"phone": "changed"}}


def test_a_reveal_gives_the_value_and_is_recorded_with_its_reason(world, person):
    assert privacy.reveal(person, "phone", by=world.lin, reason="回访投诉人") == "13812345678"
    event = audit.history(person).get()
    assert (event.verb, event.by) == (Verb.PRIVATE_REVEALED, world.lin)
    assert event.facts == {"field": "phone", "reason": "回访投诉人"}


def test_a_reveal_without_reason_is_refused(world, person):
    with pytest.raises(Refused):
        privacy.reveal(person, "phone", by=world.lin, reason="  ")


@pytest.mark.parametrize("who", ["xi", "an", "shen", "ying", "public"])
def test_administrators_auditors_and_strangers_reveal_nothing(world, person, who):
    with pytest.raises(DutyMissing):
        privacy.reveal(person, "phone", by=getattr(world, who), reason="好奇")
    assert not audit.history(person).exists()


def test_only_private_fields_are_revealed(world, person):
    with pytest.raises(ValueError):
        privacy.reveal(person, "name", by=world.lin, reason="回访")


def test_rotation_re_encrypts_everything_under_the_new_key(keys, person):
    keys.FIELD_KEYS = f"{NEW_KEY} {OLD_KEY}"
    before = raw(person)
    assert private_fields.rotate(type(person)) == 1
    assert raw(person) != before
    assert private_fields.rotate(type(person)) == 0
    keys.FIELD_KEYS = NEW_KEY
    assert type(person).objects.get(pk=person.pk).phone == "13812345678"


@pytest.mark.django_db
def test_the_rotation_command_runs_over_every_model(capsys):
    call_command("rotate_field_keys")
    assert "re-encrypted" in capsys.readouterr().out
