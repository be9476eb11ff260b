"""Hash every stored file and issued paper again."""

from django.core.management.base import BaseCommand, CommandError

from governance import attachments, papers
from governance.models import Paper


class Command(BaseCommand):
    help = "Compare attachments and papers with their hashes; exit code 1 when one differs."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="also remove files older than a day that no row names",
        )

    def handle(self, *args, remove_orphans: bool, **options) -> None:
        found = [(str(row.uuid), wrong) for row, wrong in attachments.verify_all()]
        for paper in Paper.objects.select_related("department", "template").order_by("pk"):
            if wrong := papers.verify(paper):
                found.append((paper.number_text, wrong))
        for name, wrong in found:
            self.stdout.write(f"{name}: {', '.join(wrong)}")
        if remove_orphans:
            self.stdout.write(f"{len(attachments.remove_orphans())} orphans removed")
        if found:
            raise CommandError(f"{len(found)} rows whose files are not what they were")
        self.stdout.write("every file is what it was")
