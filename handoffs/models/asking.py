"""A question to whoever sent a handoff, without claiming it."""

from __future__ import annotations

from uuid import UUID

from handoffs.models.fields import HandoffFields
from resolutionflow.accounts.models import User
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import clean
from resolutionflow.core.verbs import verb
from sessions_app.mentions import mentions_in
from sessions_app.models import Message


class Asking(HandoffFields):
    """The verb that asks the sender."""

    class Meta:
        abstract = True

    @verb
    def ask(self, user: User, *, text: str, form_key: UUID | None = None) -> Message:
        """Any unfinished position, which stays as it is: a message in the session that begins with the sender's name,
        of which they are notified."""
        user.must_work()
        if self.sender_id == user.pk:
            raise NotAllowed("This came from you: there is nobody else to ask.")
        self._sender_must_be_here()
        message: Message = self.session.add_message(
            user, content=self._question(text), asked=[self.sender], form_key=form_key
        )
        return message

    def _sender_must_be_here(self) -> None:
        if not self.sender.is_active:
            raise WrongState(f"{self.sender.name} is deactivated and cannot be asked.")
        if not self.sender.is_engineer:
            raise WrongState(f"{self.sender.name} is a viewer by now and cannot be asked.")

    def _question(self, text: str) -> str:
        question = clean(text)
        named = mentions_in(question, account_id=self.account_id, asked=[self.sender_id])
        if not question[named.length :].strip(" ,:"):
            raise Invalid(text="Write your question.")
        return question if self.sender_id in named.asked else f"{self.sender.mention} {question}"
