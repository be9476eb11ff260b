"""Making a finding of a compliance lead, and the way from the lead to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.access import staff_only
from inspections import duties, services
from inspections.forms.planning import LeadFindingForm
from inspections.models import Finding
from inspections.services import hands
from institutions.leads import shown
from institutions.models import Lead


@staff_only
def lead_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """The finding made of a lead; while there is none, the page on which to make it."""
    rows = Lead.objects.visible_to(request.actor)
    lead = get_object_or_404(rows.select_related("institution", "lead", "rule", "division"), pk=pk)
    made = Finding.objects.visible_to(request.actor).filter(from_lead=lead).first()
    if made:
        return redirect(made)
    hands.require_of(lead.lead, duties.INSPECT, request.actor)
    form = LeadFindingForm(
        request.POST or None, initial={"note": shown.sentence(lead), "version": lead.version}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        finding = services.make_finding(
            lead, by=request.actor, note=data["note"], version=data["version"]
        )
        messages.success(request, _("The finding is made; its notice can be issued."))
        if Finding.objects.visible_to(request.actor).filter(pk=finding.pk).exists():
            return redirect(finding)
        return redirect(lead)
    context = {
        "heading": _("Make a finding of the lead"),
        "facts": [
            {"label": _("Institution"), "value": str(lead.institution)},
            {"label": _("Problem"), "value": lead.problem},
            {"label": _("Severity"), "value": lead.severity_word},
            *shown.measured(lead),
        ],
        "form": form,
        "submit": _("Make the finding"),
        "back_url": reverse("lead", args=[lead.pk]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "confirm.html", context, status=status)
