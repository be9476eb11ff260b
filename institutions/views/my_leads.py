"""Questions about leads, as the institution sees them under /my/."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from governance import deadlines
from governance.access import institution_only
from institutions.forms.leads import AnswerForm
from institutions.leads import acts, shown
from institutions.models import Lead


@institution_only
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with what it is about; answered once."""
    rows = Lead.objects.visible_to(request.actor).select_related("institution", "lead", "rule")
    row = get_object_or_404(rows, pk=pk)
    open_question = row.status == Lead.Status.ASKED and row.answered_at is None
    form = AnswerForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and (form.is_valid() or not open_question):
        text = request.POST.get("answer", "")
        acts.answer(row, by=request.actor, text=text, version=form.cleaned_data.get("version"))
        messages.success(request, _("Your answer is with the department."))
        return redirect("my_lead", pk=row.pk)
    context = {
        "row": row,
        "sentence": shown.sentence(row),
        "facts": shown.measured(row)[2:4],
        "clock": deadlines.find(row, acts.ANSWER_RULE),
        "form": form if open_question else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "institutions/my_lead.html", context, status=status)
