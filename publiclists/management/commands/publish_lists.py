"""Publish lists from the command line, and make their public files anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.models import Membership
from governance.workflow import Refused
from publiclists import duties, public_pages, services
from publiclists.models import SLUGS, ListChain, Publication


class Command(BaseCommand):
    help = (
        "Build every publication that was ordered and make missing public files. With --order and "
        "--as also order the next publication of a list, by a person who may publish it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--order", choices=sorted(SLUGS), help="the list to publish")
        parser.add_argument("--as", dest="username", help="account of the person who publishes")
        parser.add_argument("--county", help="division code; else that of the person")
        parser.add_argument("--note", default="", help="the occasion, for the file")

    def handle(self, *args: Any, order: str | None, username: str | None, **options: Any) -> None:
        if bool(order) != bool(username):
            raise CommandError("--order and --as belong together")
        if order and username:
            self._order(order, username, options["county"], options["note"])
        for publication in Publication.objects.filter(status=Publication.Status.ORDERED):
            built = services.build(publication)
            self.stdout.write(f"published {built.division_id} {built.kind} no. {built.number}")
        for chain in ListChain.objects.order_by("division_id", "kind"):
            count = public_pages.rebuild(chain.division_id, chain.kind)
            self.stdout.write(f"{chain.division_id} {chain.kind}: {count} public files")

    def _order(self, slug: str, username: str, county: str | None, note: str) -> None:
        person = self._person(username)
        place = county or (person.department.division.county_code if person.department else "")
        try:
            services.order(place, SLUGS[slug], by=person, note=note)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _person(self, username: str) -> Membership:
        members = Membership.objects.active().filter(user__username=username)
        for member in members.select_related("department__division"):
            if duties.PUBLISH.held_by(member):
                return member
        raise CommandError(f"{username} has no membership that may publish lists")
