"""The values of a row as columns of the register, and how they differ from what stands there.

An empty cell never takes anything away, and a certificate is never ended because a ledger does not
mention it: that is an act of its own, with a ground.
"""

import datetime as dt
from typing import Any

from governance.imports import Result, Staged
from governance.workbooks.cells import folded, key
from institutions import names
from institutions.imports import words
from institutions.imports.register import GRANTED, Held, Known, Place
from institutions.models import REGISTRATION, SCHOOLING, LicenceKind

PERSONS = ("principal", "legal_representative", "sponsor", "controller", "contact_phone")
SITE_NUMBERS = (("area", False), ("teaching_area", False), ("rooms", True), ("capacity", True))
PLAIN_FACTS = (
    "sub_kinds", "mode", "stages", "profit_nature", "operating_status", "can_qualify",
)  # fmt: skip
_REGISTRARS = {  # the first signs of a credit code say who registered the body
    "91": LicenceKind.BUSINESS_LICENCE, "92": LicenceKind.BUSINESS_LICENCE,
    "93": LicenceKind.BUSINESS_LICENCE, "51": LicenceKind.NONPROFIT_CERT,
    "52": LicenceKind.NONPROFIT_CERT, "53": LicenceKind.NONPROFIT_CERT,
    "12": LicenceKind.PUBLIC_INSTITUTION_CERT,
}  # fmt: skip


def identity(values: dict[str, Any]) -> dict[str, Any]:
    """Columns of the institution that the row speaks of."""
    found = {name: values[name] for name in (*PERSONS, "founded_on") if values.get(name)}
    if (capital := values.get("startup_funds")) and capital.amount is not None:
        found["startup_funds"] = capital.amount
    code = values.get("credit_code")
    if code and (code.code or code.in_process):
        found |= {"credit_code": code.code, "credit_code_pending": code.in_process}
    described = values.get("nameless", "") if "(" in folded(values.get("nameless", "")) else ""
    if note := values.get("note") or described:
        found["note"] = note
    return found


def facts(row: Staged) -> dict[str, Any]:
    """Facts of a period that the row speaks of, without name and places."""
    values = row.values
    found = {name: values[name] for name in PLAIN_FACTS if name in values}
    if "kind" in values:
        found["kind"], found["categories"] = values["kind"]
    if ended := words.end(values.get("result", "")):
        found["operating_status"] = ended
    if "learners" in values:
        exact(row, "learners", found, int(values["learners"].amount))
    return found


def site(row: Staged) -> dict[str, Any]:
    """Facts of a site that the row speaks of."""
    values = row.values
    found = {"address": values.get("address", ""), "name": values.get("site_name", "")}
    if values.get("floors"):
        found["floors"] = values["floors"]
    if values.get("building_use"):
        found["building_use"] = values["building_use"]
    for name, whole in SITE_NUMBERS:
        if name in values:
            amount = values[name].amount
            exact(row, name, found, int(amount) if whole else amount)
    return found


def exact(row: Staged, name: str, found: dict[str, Any], amount: Any) -> None:
    """20余名 is no number of learners: the cell is kept, the figure stays unknown."""
    if row.values[name].exact:
        found[name] = amount
    elif f"about:{name}" not in row.notes:
        row.notes.append(f"about:{name}")


def defaults(values: dict[str, Any]) -> dict[str, Any]:
    """Search columns of a new period."""
    return {"initials": names.initials(values["name"])}


def validity(values: dict[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    first, last = values.get("valid_until", (None, None))
    return values.get("valid_from") or first, last


def licences(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The certificates that the row proves: by number, by credit code, or by the word of the
    ledger that they exist (number not seen)."""
    return [*school_licence(values), *registration(values)]


def school_licence(values: dict[str, Any]) -> list[dict[str, Any]]:
    certs, number = values.get("cert_status"), values.get("licence_number", "")
    if not number and not (certs and certs.licence):
        return []
    vocational = values.get("licensor") == "HRSS" or number.startswith("人社")
    kind = LicenceKind.VOCATIONAL_LICENCE if vocational else LicenceKind.SCHOOL_LICENCE
    first, last = validity(values)
    return [
        {
            "kind": kind, "number": number, "issuer_name": values.get("issuer", ""),
            "issued_on": values.get("issued_on"), "valid_from": first, "valid_to": last,
            **granted(values),
        }
    ]  # fmt: skip


def granted(values: dict[str, Any]) -> dict[str, Any]:
    """What the row says that the school licence allows."""
    said = {name: values.get(f"licence_{name}") for name in GRANTED}
    return {name: value for name, value in said.items() if value}


def registration(values: dict[str, Any]) -> list[dict[str, Any]]:
    certs = values.get("cert_status") or words.Certs()
    code = values["credit_code"].code if "credit_code" in values else ""
    if certs.registration is False or not (certs.registration or code):
        return []
    nonprofit = values.get("registrar") == "CIVIL" or values.get("profit_nature") == "NON_PROFIT"
    kind = LicenceKind.NONPROFIT_CERT if nonprofit else LicenceKind.BUSINESS_LICENCE
    return [{"kind": _REGISTRARS.get(code[:2], kind), "number": code}]


# --- against the register ---------------------------------------------------------------------


def compare(step: Any, known: Known, said: dict[str, Any], site_said: dict[str, Any]) -> None:
    """Fill the step with what differs; its result becomes changed or unchanged."""
    values = step.row.values
    step.identity = changed_identity(known, identity(values))
    step.facts = changed(known.facts, said)
    if values["name"] and key(values["name"]) != key(known.name):
        step.facts["name"] = values["name"]
    compare_place(step, known, site_said)
    step.licences = missing_licences(step, known)
    describe(step, known)
    step.result = Result.CHANGED if step.changes else Result.UNCHANGED


def changed(was: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if not same(was.get(name), value)}


def same(was: Any, now: Any) -> bool:
    """Of several values the order says nothing: 体育、艺术 is 艺术、体育."""
    if isinstance(now, list):
        return sorted(was or ()) == sorted(now)
    return bool(was == now)


def changed_identity(known: Known, said: dict[str, Any]) -> dict[str, Any]:
    if known.identity.get("note"):
        said.pop("note", None)  # a remark of the ledger does not push out what was written here
    if known.code or not said.get("credit_code_pending"):
        said.pop("credit_code_pending", None)
    if not said.get("credit_code"):
        said.pop("credit_code", None)
    return changed(known.identity, said)


def compare_place(step: Any, known: Known, said: dict[str, Any]) -> None:
    place = Place(said)
    if not place.marks():
        return
    at = known.place(place.marks()) or only_place(known)
    if at is None:
        step.site = said | {"township_id": said.get("township_id", known.facts["township_id"])}
        known.places.append(Place(step.site))
        return
    step.site_pk = at.pk
    step.site = {
        name: value
        for name, value in changed(at.facts, said).items()
        if value and not (isinstance(value, str) and key(value) == key(at.facts.get(name)))
    }


def only_place(known: Known) -> Place | None:
    """The one site of an institution: another address in the ledger is its new address."""
    return known.places[0] if len(known.places) == 1 else None


def compare_site(step: Any, at: Place, said: dict[str, Any]) -> None:
    step.site_pk = at.pk
    step.site = {name: value for name, value in changed(at.facts, said).items() if value}
    step.changes = {f"site.{name}": [at.facts.get(name), new] for name, new in step.site.items()}
    step.result = Result.CHANGED if step.changes else Result.UNCHANGED


def missing_licences(step: Any, known: Known) -> list[dict[str, Any]]:
    """Certificates the row proves and the register does not have in force."""
    certs = step.row.values.get("cert_status") or words.Certs()
    if (certs.licence is False and known.certified(SCHOOLING)) or (
        certs.registration is False and known.certified(REGISTRATION)
    ):
        step.row.notes.append("certs_differ")
    school = [row for row in school_licence(step.row.values) if not on_record(known, row)]
    legal = [] if known.certified(REGISTRATION) else registration(step.row.values)
    return [unnumbered(known, row) for row in school] + legal + regranted(step.row.values, known)


def regranted(values: dict[str, Any], known: Known) -> list[dict[str, Any]]:
    """The licence on record that the row means, where it allows something else by now."""
    number = values.get("licence_number", "")
    held = [
        one
        for one in known.licences
        if one.kind in SCHOOLING and (not number or is_number(one, number))
    ]
    if len(held) != 1 or not (new := changed(held[0].granted, granted(values))):
        return []
    return [{"kind": held[0].kind, "pk": held[0].pk, **new}]


def is_number(held: Held, number: str) -> bool:
    return folded(held.number).upper() == folded(number).upper()


def on_record(known: Known, row: dict[str, Any]) -> bool:
    if row["number"]:
        return any(is_number(held, row["number"]) for held in known.licences)
    return known.certified(SCHOOLING)


def unnumbered(known: Known, row: dict[str, Any]) -> dict[str, Any]:
    """The licence whose number was not seen so far is the one that now has it."""
    open_ = [held for held in known.licences if held.kind in SCHOOLING and not held.number]
    return row | {"pk": open_[0].pk} if open_ else row


def describe(step: Any, known: Known) -> None:
    """{field: [old, new]} for the preview; of persons only that they change."""
    step.changes = {
        name: ["", ""] if name in PERSONS else [known.identity.get(name), value]
        for name, value in step.identity.items()
    }
    step.changes |= {name: [known.facts.get(name), new] for name, new in step.facts.items()}
    at = next((place for place in known.places if place.pk and place.pk == step.site_pk), None)
    was = at.facts if at else {}
    step.changes |= {f"site.{name}": [was.get(name), new] for name, new in step.site.items()}
    for row in step.licences:
        describe_licence(step, known, row)


def describe_licence(step: Any, known: Known, row: dict[str, Any]) -> None:
    if "number" in row:
        step.changes[f"licence.{row['kind']}"] = ["", row["number"]]
    before = next((held.granted for held in known.licences if held.pk == row.get("pk")), {})
    said = {name: row[name] for name in GRANTED if row.get(name)}
    step.changes |= {
        f"licence.{name}": [before.get(name), new] for name, new in changed(before, said).items()
    }
