"""The simulated calls about the account as a whole: presets, webhooks and RealtimeKit's apps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from playground import provider_shapes as shapes
from playground.provider_bodies import EventName, Hook, HookChange
from playground.provider_body import is_id
from playground.provider_flavours import iso
from playground.provider_gate import Answer, Call, Operation, Refused
from playground.rooms import PRESETS, Rooms, Webhook, preset_id


@dataclass(frozen=True, slots=True)
class AccountCalls:
    """Reads presets and keeps webhooks."""

    rooms: Rooms
    now: Callable[[], datetime]
    began: datetime

    def operations(self) -> list[Operation]:
        """List the operations; the event catalogue must be matched before a single webhook."""
        one = "/webhooks/{webhook_id}"
        return [
            Operation("list_presets", "GET", "/presets", self._presets),
            Operation("list_webhooks", "GET", "/webhooks", self._hooks),
            Operation("create_webhook", "POST", "/webhooks", self._create, takes_a_body=True),
            Operation("list_webhook_events", "GET", "/webhooks/all", _events, only="realtimekit"),
            Operation("get_webhook", "GET", one, self._get),
            Operation("replace_webhook", "PUT", one, self._replace, takes_a_body=True),
            Operation("update_webhook", "PATCH", one, self._change, takes_a_body=True),
            Operation("delete_webhook", "DELETE", one, self._delete),
        ]

    def app_operations(self) -> list[Operation]:
        """List RealtimeKit's operations on apps, which live beside the apps' own paths."""
        return [
            Operation("list_apps", "GET", "", self._apps),
            Operation("get_app", "GET", "/{app_id}", self._app),
        ]

    def _presets(self, call: Call) -> Answer:
        began, search = iso(self.began), "" if call.flavour.dyte else call.query.get("search", "")
        rows = [
            {"id": preset_id(name), "name": name, "created_at": began, "updated_at": began}
            for name in PRESETS
            if search in name
        ]
        shown, paging = shapes.page(rows, call.query)
        return Answer(shown, paging=paging)

    def _apps(self, call: Call) -> Answer:
        shown, paging = shapes.page([self._own_app(call)], call.query)
        return Answer(shown, paging=paging)

    def _app(self, call: Call) -> Answer:
        return Answer(self._own_app(call))

    def _own_app(self, call: Call) -> dict[str, Any]:
        return {"id": call.flavour.tenant, "name": "Greenroom playground", "created_at": iso(self.began)}

    # ------------------------------------------------------------ webhooks

    def _hooks(self, call: Call) -> Answer:
        return Answer([shapes.webhook(hook) for hook in self.rooms.webhooks_of(call.flavour.name)])

    def _create(self, call: Call) -> Answer:
        body = call.read(Hook)
        hook = Webhook(call.flavour.name, body.name, body.url, [*body.events], body.enabled, self.now(), self.now())
        self.rooms.webhooks[hook.id] = hook
        return Answer(shapes.webhook(hook), 201)

    def _get(self, call: Call) -> Answer:
        return Answer(shapes.webhook(self._hook(call)))

    def _replace(self, call: Call) -> Answer:
        return self._changed(call, call.read(Hook).model_dump())

    def _change(self, call: Call) -> Answer:
        return self._changed(call, call.read(HookChange).given())

    def _changed(self, call: Call, values: dict[str, Any]) -> Answer:
        hook = self._hook(call)
        for name, value in values.items():
            setattr(hook, name, value)
        hook.updated_at = self.now()
        return Answer(shapes.webhook(hook))

    def _delete(self, call: Call) -> Answer:
        return Answer(shapes.webhook(self.rooms.webhooks.pop(self._hook(call).id)))

    def _hook(self, call: Call) -> Webhook:
        wanted = call.path["webhook_id"]
        if not is_id(wanted):
            raise Refused(400, 'BAD_REQUEST: "webhook_id" must be a UUID')
        hook = self.rooms.webhooks.get(wanted)
        if hook is None or hook.provider != call.flavour.name:
            raise Refused(404, f"No webhook found with id {wanted}")
        return hook


def _events(_: Call) -> Answer:
    return Answer(list(get_args(EventName)))
