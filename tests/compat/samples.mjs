// The service's own samples, character by character as its page prints them (samples/), with one base URL for another.
// Whole programs run as they are; fragments get the request before them and a line after them that prints the result.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

import { transform } from "esbuild";

import { KEY, MODEL, plainText } from "./gateway.mjs";

const SERVICE = "https://api.solrouter.io/ai";
const EXPLAIN = "Explain streaming in one paragraph.";
const POEM = "Write a short poem about APIs.";
const TIPS = "Give me three short tips for building a CLI.";

let written = 0;

/** A sample's text, pointed at the gateway. */
export async function sample(name, baseUrl) {
  const text = await readFile(new URL(`samples/${name}`, import.meta.url), "utf8");
  return text.replaceAll(SERVICE, baseUrl);
}

/** Runs TypeScript as a program of its own. Resolves to what it printed. */
async function run(source, { status = 0, key = KEY } = {}) {
  const { code } = await transform(source, { loader: "ts", format: "esm", target: "node20" });
  const file = fileURLToPath(new URL(`program-${written++}.mjs`, import.meta.url));
  await writeFile(file, code);
  const program = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, SOLROUTER_API_KEY: key },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 30_000,
  });
  let stdout = "";
  let stderr = "";
  program.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  program.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [ended] = await once(program, "close");
  assert.equal(ended, status, `the program ended with status ${ended}: ${stderr}`);
  return { stdout, stderr };
}

/** The lines that come before a fragment: `stream`, from the SDK. */
function streamOf(baseUrl, body) {
  return `
    import OpenAI from "openai";
    const client = new OpenAI({ baseURL: ${JSON.stringify(baseUrl)}, apiKey: process.env.SOLROUTER_API_KEY });
    const stream = await client.chat.completions.create(${JSON.stringify(body)});
  `;
}

/** The lines that come before a fragment: `makeRequest`, and how often it was called. */
function requestOf(baseUrl, model, prompt, key = KEY) {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: prompt }] });
  return `
    let attempts = 0;
    const makeRequest = () => {
      attempts += 1;
      return fetch("${baseUrl}/chat/completions", {
        method: "POST",
        headers: { "Authorization": "Bearer ${key}", "Content-Type": "application/json" },
        body: ${JSON.stringify(body)},
      });
    };
  `;
}

export function sampleProofs(gateway) {
  const { baseUrl } = gateway;
  return [
    ["the fetch loop prints the whole answer and its usage with cost", async () => {
      const { text, usage } = await plainText(gateway, EXPLAIN);
      assert.ok(usage.cost > 0);
      const { stdout } = await run(await sample("fetch-loop.ts", baseUrl));
      assert.equal(stdout, `${text}Stream complete\n\nFinal text: ${text}\nUsage: ${inspect(usage)}\n`);
    }],
    ["the OpenAI SDK sample prints the whole answer", async () => {
      const { stdout } = await run(await sample("openai-sdk.ts", baseUrl));
      assert.equal(stdout, (await plainText(gateway, POEM)).text);
    }],
    ["the minimal end-to-end example prints the whole answer", async () => {
      const { text } = await plainText(gateway, TIPS, "anthropic/claude-sonnet-4");
      const { stdout } = await run(await sample("end-to-end.ts", baseUrl));
      assert.equal(stdout, `${text}\n\nFinal result: ${text}\n`);
    }],
    ["simple concatenation gives the whole answer", async () => {
      const body = { model: MODEL, stream: true, messages: [{ role: "user", content: POEM }] };
      const source = streamOf(baseUrl, body) + (await sample("concatenation.ts", baseUrl));
      const { stdout } = await run(`${source}\nprocess.stdout.write(fullText);`);
      assert.equal(stdout, (await plainText(gateway, POEM)).text);
    }],
    ["the tool request as printed gives one call, put together by index", async () => {
      const body = JSON.parse(await sample("tool-request.json", baseUrl));
      const calls = await reconstructed(baseUrl, body);
      assert.deepEqual(Object.keys(calls), ["0"]);
      assert.equal(calls[0].name, "get_weather");
      assert.deepEqual(JSON.parse(calls[0].arguments), { city: "Tokyo" });
      assert.ok(calls[0].id);
    }],
    ["the tool reconstruction keeps two parallel calls apart", async () => {
      const body = JSON.parse(await sample("tool-request.json", baseUrl));
      body.messages[0].content = "What's the weather in Tokyo and in Paris?";
      const calls = await reconstructed(baseUrl, body);
      const cities = Object.values(calls).map((call) => JSON.parse(call.arguments).city);
      assert.deepEqual(cities, ["Tokyo", "Paris"]);
      assert.notEqual(calls[0].id, calls[1].id);
      const { choices } = await gateway.ask(body);
      const whole = choices[0].message.tool_calls.map((call) => call.function.arguments);
      assert.deepEqual(Object.values(calls).map((call) => call.arguments), whole);
    }],
    ["the status check throws with the gateway's words", async () => {
      const request = requestOf(baseUrl, MODEL, "hi", "sk-other");
      const check = await sample("http-status.ts", baseUrl);
      const { stderr } = await run(`${request}\nconst response = await makeRequest();\n${check}`, { status: 1 });
      assert.match(stderr, /Request failed: 401 \{"error":\{"message":"The API key is not valid/);
    }],
    ...[429, 500].map((status) => [`the retry sample gets through one ${status}`, async () => {
      const source = requestOf(baseUrl, "demo/flaky", String(status)) + (await sample("retry.ts", baseUrl));
      const { stdout } = await run(
        `${source}\nconst response = await streamWithRetry(makeRequest);\n` +
          `console.log(attempts, response.status, (await response.text()).includes("[DONE]"));`,
      );
      assert.equal(stdout, "2 200 true\n");
    }]),
    ["the retry sample gives up after its retries", async () => {
      const source = requestOf(baseUrl, "demo/flaky", "503 always") + (await sample("retry.ts", baseUrl));
      const { stdout } = await run(
        `${source}\nawait streamWithRetry(makeRequest, 1).catch((error) => console.log(attempts, error.message));`,
      );
      assert.equal(stdout, "2 Retryable error: 503\n");
    }],
  ];

  async function reconstructed(url, body) {
    const source = streamOf(url, body) + (await sample("tool-calls.ts", url));
    const { stdout } = await run(`${source}\nconsole.log(JSON.stringify(toolCalls));`);
    return JSON.parse(stdout);
  }
}
