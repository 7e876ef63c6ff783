"""What is said about a part."""

from django import forms

from grants.forms import PlainForm

LONG = 2000


class CommentForm(PlainForm, forms.Form):
    """One remark."""

    comment = forms.CharField(
        label="Comment",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
        help_text="For your colleagues who write and sign this report. The managing body never sees it",
        error_messages={"required": "Write what you want to say"},
    )
