"""The dossier of an institution (一机构一档)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from governance.access import staff_only
from institutions.models import Institution


@staff_only
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """All facts about one institution on one page."""
    institution = get_object_or_404(Institution.objects.visible_to(request.actor), pk=pk)
    return render(request, "desk/dossier.html", {"institution": institution})
