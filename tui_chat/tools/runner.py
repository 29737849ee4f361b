"""The runner of calls: programs, web services, tools of ours, tool servers. What is secret of a call stays out of what
it gives."""

from collections.abc import Callable, Mapping

from tui_chat.chat.ready_work import FolderWork, PageWork
from tui_chat.chat.tool_plans import CommandWork, HttpWork, ServerWork, ToolPlan
from tui_chat.chat.tool_ports import Fetcher, FetchRequest, NoServers, PageFetcher, ToolOutcome, ToolServers
from tui_chat.core.errors import GatewayError
from tui_chat.core.redact import LEAST_NAMED, Secrets, remember, used_secrets
from tui_chat.core.sanitize import sanitize
from tui_chat.core.secret_forms import SecretForms
from tui_chat.core.stream_mask import StreamMask
from tui_chat.core.tool import Value, Variable
from tui_chat.tools.below_folder import Places, run_below_folder
from tui_chat.tools.commands import run_command
from tui_chat.tools.kept_output import KeptOutput
from tui_chat.tools.own_places import OwnPlaces
from tui_chat.tools.pages import run_page
from tui_chat.tools.text_files import decoded

_USER_AGENT = "tui-chat-tool"


class Runner:
    """Runs plans."""

    def __init__(
        self,
        environ: Mapping[str, str],
        fetcher: Fetcher,
        *,
        pages: PageFetcher | None = None,
        places: Places = OwnPlaces,
        servers: ToolServers | None = None,
    ) -> None:
        """`pages` None: no page is fetched. `places` finds what no tool of ours gives away."""
        self._environ = environ
        self._fetcher = fetcher
        self._pages = pages
        self._places = places
        self._servers = servers or NoServers()

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        """Run what was planned to its end; see `ToolRunner`."""
        work = plan.work
        if isinstance(work, FolderWork | PageWork):
            return await self._ready(work, plan, output)
        if isinstance(work, ServerWork):
            return await self._servers.call(work, plan.timeout_s, plan.limit_bytes, output)
        values = work.env if isinstance(work, CommandWork) else work.headers
        secrets = Secrets(self._secrets(values), LEAST_NAMED)
        shown = _Shown(output, secrets.forms)
        if isinstance(work, CommandWork):
            outcome = await run_command(work, self._environ, plan.timeout_s, plan.limit_bytes, shown)
        else:
            outcome = await self._fetched(work, plan, shown)
        shown.end()
        return ToolOutcome(secrets.mask(outcome.content), outcome.is_error, outcome.ending)

    async def _ready(self, work: FolderWork | PageWork, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        """A tool of ours. A key that stands in a file or a page is not given back either."""
        secrets = used_secrets()
        if isinstance(work, FolderWork):
            outcome = await run_below_folder(work, self._places, plan.timeout_s, plan.limit_bytes)
            content = secrets.mask(outcome.content)
            output(sanitize(content))
            return ToolOutcome(content, outcome.is_error, outcome.ending)
        if self._pages is None:
            return ToolOutcome("No page can be fetched here.", is_error=True, ending="not fetched")
        shown = _Shown(output, secrets.forms)
        outcome = await run_page(work, self._pages, plan.timeout_s, plan.limit_bytes, shown)
        shown.end()
        return ToolOutcome(secrets.mask(outcome.content), outcome.is_error, outcome.ending)

    def _secrets(self, values: tuple[tuple[str, Value], ...]) -> list[str]:
        """What a definition takes from the environment is a secret."""
        found = [self._environ.get(value.name, "") for _, value in values if isinstance(value, Variable)]
        remember(*found)
        return [text for text in found if text]

    async def _fetched(self, work: HttpWork, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        try:
            headers = [(name, self._header(value)) for name, value in work.headers]
        except KeyError as missing:
            return ToolOutcome(f"The variable {missing.args[0]} is not set.", is_error=True, ending="not asked")
        named = {name.lower() for name, _ in headers}
        usual = [("User-Agent", _USER_AGENT), *([("Content-Type", "application/json")] if work.body else [])]
        headers += [(name, value) for name, value in usual if name.lower() not in named]
        body = None if work.body is None else work.body.encode()
        request = FetchRequest(work.method, work.url, tuple(headers), body, plan.timeout_s, plan.limit_bytes)
        try:
            answer = await self._fetcher.fetch(request)
        except GatewayError as error:
            return ToolOutcome(error.failure.message, is_error=True, ending="no answer")
        kind = f", {answer.media_type}" if answer.media_type else ""
        text = decoded(answer.body, answer.charset)
        kept = KeptOutput(plan.limit_bytes, output)
        kept.add(text.encode(errors="replace"))
        cut = "\n[… the rest is left out …]" if answer.is_cut else ""
        return ToolOutcome(kept.text() + cut, answer.status >= 400, f"status {answer.status}{kind}")

    def _header(self, value: Value) -> str:
        return self._environ[value.name] if isinstance(value, Variable) else value


class _Shown:
    """Hands on what a run writes, without secrets."""

    def __init__(self, output: Callable[[str], None], forms: SecretForms | None) -> None:
        self._output = output
        self._mask = StreamMask(forms) if forms is not None else None

    def __call__(self, text: str) -> None:
        if shown := text if self._mask is None else self._mask.feed(text):
            self._output(shown)

    def end(self) -> None:
        """Nothing more comes: hand on what might have been the beginning of a secret."""
        if self._mask is not None and (rest := self._mask.release()):
            self._output(rest)
