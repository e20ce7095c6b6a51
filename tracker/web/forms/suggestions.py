"""Which suggestion is dismissed, or brought back."""

from django import forms

from tracker.suggestions import Kind

LONGEST = 2**31 - 1


class DismissForm(forms.Form):
    start = forms.IntegerField(min_value=0, max_value=LONGEST)
    end = forms.IntegerField(min_value=1, max_value=LONGEST)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in Kind])
    back = forms.BooleanField(required=False)
