"""Check the audit trail: seals, their chain, and what is not sealed yet."""

import sys

from django.core.management.base import BaseCommand

from governance import audit


class Command(BaseCommand):
    help = "Verify the audit trail; exits with 1 when anything was changed or taken away."

    def handle(self, *args, **options) -> None:
        found = audit.verify()
        self.stdout.write(
            f"{found.events} events, {found.seals} seals, {found.unsealed} not sealed yet"
        )
        for fault in found.faults:
            self.stdout.write(f"FAULT {fault.code}: {fault.place}")
        for event in found.missing:
            self.stdout.write(f"MISSING: unsealed event {event} was deleted or changed")
        self.stdout.write("intact" if found.intact else "NOT INTACT")
        if not found.intact:
            sys.exit(1)
