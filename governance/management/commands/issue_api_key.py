"""Make a key for a partner system."""

from django.core.management.base import BaseCommand, CommandError

from governance import people
from governance.api import keys
from governance.models import Department


class Command(BaseCommand):
    help = "Issue an API key; it is printed once, last on its line."

    def add_arguments(self, parser) -> None:
        parser.add_argument("system", help="name of the partner system")
        parser.add_argument("--department", required=True, help="code of its department")
        parser.add_argument("--scope", action="append", required=True, choices=keys.SCOPES)
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--network", action="append", default=[], help="allowed CIDR network")

    def handle(self, *args, system, department, scope, days, network, **options) -> None:
        found = Department.objects.filter(code=department, is_active=True).first()
        if found is None:
            raise CommandError(f"there is no department with the code {department}")
        try:
            text = keys.issue(
                system, found, scope, by=people.system_actor(), days=days, networks=network
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Key of {system} ({found.code}), shown once: {text}")
