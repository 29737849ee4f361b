// The service's React sample in a real browser: bundled as its page prints it, served from another origin than the
// gateway's, so that the browser asks the gateway for leave (CORS, with a preflight for `Authorization`) by itself.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { KEY, plainText } from "./gateway.mjs";
import { sample } from "./samples.mjs";

const PROMPT = "Explain streaming in one paragraph.";
const STRANGER = "page.example";
const PATIENCE_MS = 30_000;
const HTML = '<!doctype html><meta charset="utf-8"><title>Chat</title><div id="root"></div><script src="/page.js"></script>';

/** The page's script. A bundler defines the public key, as Next.js does. */
async function bundled(baseUrl) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page.tsx", import.meta.url))],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: {
      "process.env.NEXT_PUBLIC_SOLROUTER_API_KEY": JSON.stringify(KEY),
      "process.env.NODE_ENV": '"production"',
    },
    plugins: [{
      name: "base URL",
      setup: ({ onLoad }) => onLoad({ filter: /use-streaming-chat\.tsx$/ }, async () => ({
        contents: await sample("use-streaming-chat.tsx", baseUrl),
        loader: "tsx",
      })),
    }],
  });
  return outputFiles[0].text;
}

/** Serves the page on a free port of 127.0.0.1; `result` is what the page reports. */
async function servePage(script) {
  let settle;
  const result = new Promise((resolve) => (settle = resolve));
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://page");
    if (pathname === "/result") {
      let body = "";
      for await (const piece of request.setEncoding("utf8")) body += piece;
      response.writeHead(204).end();
      settle(JSON.parse(body));
    } else if (pathname === "/page.js") {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(script);
    } else {
      const isPage = pathname === "/";
      response.writeHead(isPage ? 200 : 404, { "content-type": "text/html; charset=utf-8" }).end(isPage ? HTML : "");
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => (server.closeAllConnections(), server.close());
  return { port: server.address().port, result, close };
}

/** Opens the page under a host name, lets it ask, and resolves to its report and to what the browser's console said. */
async function visit(script, host) {
  const page = await servePage(script);
  const profile = await mkdtemp(fileURLToPath(new URL("profile-", import.meta.url)));
  const url = `http://${host}:${page.port}/?prompt=${encodeURIComponent(PROMPT)}`;
  const browser = spawn(process.env.CHROMIUM, [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
    `--host-resolver-rules=MAP ${STRANGER} 127.0.0.1`, "--enable-logging=stderr", `--user-data-dir=${profile}`,
    // A page that is not opened by a debugger is not closed by itself: it stays until it is killed below.
    "--remote-debugging-port=0", url,
  ], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  const kill = () => {
    try {
      process.kill(-browser.pid, "SIGKILL");
    } catch {
      // It had already ended.
    }
  };
  process.on("exit", kill);
  let log = "";
  browser.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const closed = once(browser, "close");
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page reported nothing\n${log.slice(-2000)}`)), PATIENCE_MS);
  });
  const ended = closed.then(([status]) => {
    throw new Error(`the browser ended with status ${status}\n${log.slice(-2000)}`);
  });
  try {
    const report = await Promise.race([page.result, late, ended]);
    return { ...report, log };
  } finally {
    clearTimeout(timer);
    ended.catch(() => {});
    kill();
    await closed;
    process.off("exit", kill);
    page.close();
  }
}

export function browserProofs(gateway) {
  return [
    ["the hook shows the whole answer, growing as it arrives, on a page of another loopback origin", async () => {
      const report = await visit(await bundled(gateway.baseUrl), "localhost");
      assert.equal(report.failure, "");
      assert.equal(report.text, (await plainText(gateway, PROMPT)).text);
      assert.equal(report.state, "ready");
      assert.ok(report.wasLoading, "the page never showed that it was loading");
      assert.ok(report.growths >= 5, `the answer grew only ${report.growths} times`);
      assert.ok(report.isPrefixed, "the answer did not only grow");
    }],
    ["a page that is not on loopback is refused by CORS", async () => {
      const report = await visit(await bundled(gateway.baseUrl), STRANGER);
      assert.equal(report.text, "");
      assert.match(report.failure, /Failed to fetch/);
      assert.match(report.log, /has been blocked by CORS policy: Response to preflight request/);
    }],
  ];
}
