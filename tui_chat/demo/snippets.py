"""Code for the writer: the same small idea in several languages, each in its usual style."""

import re

SNIPPETS: dict[str, str] = {
    "python": '''\
from collections.abc import Iterable, Iterator


def joined(fragments: Iterable[str | None]) -> Iterator[str]:
    """The text so far, after each fragment that adds to it."""
    text = ""
    for fragment in fragments:
        if fragment:
            text += fragment
            yield text


for state in joined(["Low", None, " latency", " feels like", " magic."]):
    print(f"{len(state):>3}  {state}")
''',
    "rust": """\
/// Joins fragments as they arrive; `None` adds nothing.
fn joined<'a>(fragments: impl IntoIterator<Item = Option<&'a str>>) -> String {
    fragments.into_iter().flatten().collect()
}

fn main() {
    let text = joined([Some("Low"), None, Some(" latency")]);
    assert_eq!(text, "Low latency");
    println!("{text}");
}
""",
    "typescript": """\
type Fragment = { content?: string | null };

export async function* joined(fragments: AsyncIterable<Fragment>): AsyncGenerator<string> {
  let text = "";
  for await (const { content } of fragments) {
    if (!content) continue;
    text += content;
    yield text;
  }
}
""",
    "go": """\
package main

import (
	"fmt"
	"strings"
)

func joined(fragments <-chan string) string {
	var text strings.Builder
	for fragment := range fragments {
		text.WriteString(fragment)
	}
	return text.String()
}

func main() {
	fragments := make(chan string, 2)
	fragments <- "Low"
	fragments <- " latency"
	close(fragments)
	fmt.Println(joined(fragments))
}
""",
    "sql": """\
-- What each model was asked, and what it cost, this month
SELECT model,
       count(*)                        AS answers,
       sum(completion_tokens)          AS tokens,
       printf('$%.4f', sum(cost_usd))  AS cost
FROM   answers
WHERE  created_at >= date('now', 'start of month')
GROUP  BY model
ORDER  BY sum(cost_usd) DESC;
""",
    "bash": """\
#!/usr/bin/env bash
set -euo pipefail

# One question to several models, one file each
for model in demo/writer demo/thinker; do
  tui-chat ask -m "$model" "$1" > "${model##*/}.md"
  printf '%-16s %6d words\\n' "$model" "$(wc -w < "${model##*/}.md")"
done
""",
    "json": """\
{
  "model": "demo/writer",
  "stream": true,
  "messages": [
    { "role": "user", "content": "Write 2000 words about lighthouses." }
  ]
}
""",
    "c": """\
#include <stdio.h>
#include <string.h>

/* Appends a fragment; returns 0 when it does not fit. */
static int append(char *text, size_t size, const char *fragment) {
    size_t used = strlen(text), more = strlen(fragment);
    if (used + more + 1 > size) return 0;
    memcpy(text + used, fragment, more + 1);
    return 1;
}

int main(void) {
    char text[32] = "Low";
    if (append(text, sizeof text, " latency")) puts(text);
    return 0;
}
""",
    "html": """\
<article>
  <h1>Streaming</h1>
  <p>Text appears <em>while</em> it is being written.</p>
  <progress max="100" value="42">42 %</progress>
</article>
""",
    "diff": """\
--- a/notes.md
+++ b/notes.md
@@ -1,3 +1,3 @@
 # Notes
-wait for the whole answer
+read it while it comes
 keep what arrived
""",
}

_NAMES = {
    "typescript": "typescript", "javascript": "typescript", "node": "typescript", "react": "typescript",
    "golang": "go", "shell": "bash", "postgres": "sql", "sqlite": "sql", "c++": "c",
}  # fmt: skip


def named(prompt: str) -> list[str]:
    """Find the languages that the prompt names, in its order."""
    words = re.findall(r"[a-z+#]+", prompt.lower())
    languages = (_NAMES.get(word, word) for word in words if word not in ("go", "c") or _is_language(word, prompt))
    return list(dict.fromkeys(language for language in languages if language in SNIPPETS))


def _is_language(word: str, prompt: str) -> bool:
    """Say whether `go` or `c` is a language here: only with a capital, unlike the verb and the letter."""
    return re.search(rf"\b{word.upper() if word == 'c' else 'Go'}\b", prompt) is not None
