// The OpenAI SDK for Node: its strict accumulators, its tool runner, its typed errors.

import assert from "node:assert/strict";

import OpenAI from "openai";

import { EMPTY_KEY, KEY, MODEL, plainText, TWO_CITIES, WEATHER } from "./gateway.mjs";

const HAIKU = "Write a short haiku about speed.";

function asked(model, content) {
  return { model, messages: [{ role: "user", content }] };
}

export function openaiSdkProofs(gateway) {
  const make = (apiKey = KEY, maxRetries = 0) => new OpenAI({ baseURL: gateway.baseUrl, apiKey, maxRetries });
  const client = make();

  /** What the SDK raises for a streamed request. */
  async function raised(apiKey, model, prompt) {
    try {
      await make(apiKey).chat.completions.create({ ...asked(model, prompt), stream: true });
    } catch (error) {
      return error;
    }
    throw new Error("nothing was raised");
  }

  const refusals = [
    ["401 is an AuthenticationError", "sk-other", MODEL, "hi", OpenAI.AuthenticationError, 401, "invalid_api_key"],
    ["402 is an APIError with its code", EMPTY_KEY, MODEL, "hi", OpenAI.APIError, 402, "insufficient_balance"],
    ["404 is a NotFoundError", KEY, "demo/none", "hi", OpenAI.NotFoundError, 404, "model_not_found"],
    ["429 is a RateLimitError", KEY, "demo/flaky", "429 always", OpenAI.RateLimitError, 429, "rate_limit_exceeded"],
    ["500 is an InternalServerError", KEY, "demo/flaky", "500 always", OpenAI.InternalServerError, 500, "internal_error"],
    ["400 is a BadRequestError", KEY, "demo/flaky", "400", OpenAI.BadRequestError, 400, "invalid_request"],
  ];

  return [
    ["a stream gives the text, and usage with cost in its last chunk", async () => {
      const stream = await client.chat.completions.create({
        ...asked(MODEL, HAIKU),
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      const reports = [];
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta?.content ?? "";
        if (chunk.usage) reports.push(chunk.usage);
      }
      const plain = await plainText(gateway, HAIKU);
      assert.equal(text, plain.text);
      assert.deepEqual(reports, [plain.usage]);
      assert.ok(plain.usage.cost > 0);
    }],
    [".stream() puts the message, its end and its usage together", async () => {
      const stream = client.chat.completions.stream(asked(MODEL, HAIKU));
      let text = "";
      stream.on("content", (delta) => (text += delta));
      const final = await stream.finalChatCompletion();
      const plain = await plainText(gateway, HAIKU);
      assert.equal(text, plain.text);
      assert.equal(final.choices[0].message.content, plain.text);
      assert.equal(final.choices[0].message.role, "assistant");
      assert.equal(final.choices[0].finish_reason, "stop");
      assert.equal(final.model, MODEL);
      assert.deepEqual(final.usage, plain.usage);
      assert.equal((await stream.totalUsage()).total_tokens, plain.usage.total_tokens);
    }],
    [".stream() puts two parallel calls together", async () => {
      const request = { ...asked(MODEL, TWO_CITIES), tools: [WEATHER] };
      const stream = client.chat.completions.stream(request);
      const done = [];
      stream.on("tool_calls.function.arguments.done", (call) => done.push([call.index, call.arguments]));
      const final = await stream.finalChatCompletion();
      const calls = final.choices[0].message.tool_calls;
      assert.deepEqual(calls.map((call) => call.function.name), ["get_weather", "get_weather"]);
      assert.deepEqual(calls.map((call) => JSON.parse(call.function.arguments).city), ["Tokyo", "Paris"]);
      assert.deepEqual(done, calls.map((call, index) => [index, call.function.arguments]));
      assert.equal(new Set(calls.map((call) => call.id)).size, 2);
      assert.equal(final.choices[0].finish_reason, "tool_calls");
      assert.ok(final.usage.cost > 0);
    }],
    ["runTools runs both calls and streams the answer made of them", async () => {
      const cities = [];
      const runner = client.chat.completions.runTools({
        ...asked(MODEL, TWO_CITIES),
        stream: true,
        tools: [{
          type: "function",
          function: {
            ...WEATHER.function,
            parse: JSON.parse,
            function: ({ city }) => {
              cities.push(city);
              return { city, forecast: `rain over ${city}` };
            },
          },
        }],
      });
      const answer = await runner.finalContent();
      assert.deepEqual(cities, ["Tokyo", "Paris"]);
      for (const city of cities) assert.ok(answer.includes(`rain over ${city}`), answer);
    }],
    ["a whole answer parses without a stream", async () => {
      const completion = await client.chat.completions.create(asked(MODEL, HAIKU));
      assert.equal(completion.object, "chat.completion");
      assert.ok(completion.choices[0].message.content);
    }],
    ["the catalogue lists models, and one can be read", async () => {
      const ids = [];
      for await (const model of client.models.list()) ids.push(model.id);
      assert.ok(ids.includes("demo/guide"), ids.join());
      assert.equal((await client.models.retrieve("demo/guide")).id, "demo/guide");
    }],
    ...refusals.map(([claim, key, model, prompt, type, status, code]) => [claim, async () => {
      const error = await raised(key, model, prompt);
      assert.ok(error instanceof type, `${error?.constructor?.name} instead of ${type.name}`);
      assert.equal(error.status, status);
      assert.equal(error.code, code);
      assert.match(error.requestID, /^req_/);
    }]),
    ["its own retries get through a 429, as long after as Retry-After says", async () => {
      const started = performance.now();
      const completion = await make(KEY, 1).chat.completions.create(asked("demo/flaky", "429 for the SDK"));
      assert.match(completion.choices[0].message.content, /^There you are\./);
      assert.ok(performance.now() - started > 1900, "Retry-After says two seconds");
    }],
    ["an error inside the stream is raised, after the text before it", async () => {
      const stream = await client.chat.completions.create({ ...asked("demo/flaky", "error"), stream: true });
      let text = "";
      await assert.rejects(
        async () => {
          for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? "";
        },
        (error) => error instanceof OpenAI.APIError && /The provider failed/.test(error.message),
      );
      assert.match(text, /^I begin as if nothing were wrong/);
    }],
    ["a connection that breaks off is raised, not taken for an end", async () => {
      const stream = await client.chat.completions.create({ ...asked("demo/flaky", "close"), stream: true });
      await assert.rejects(async () => {
        for await (const _ of stream);
      });
    }],
    ["leaving a stream early ends it", async () => {
      const stream = await client.chat.completions.create({ ...asked(MODEL, "Write 2000 words"), stream: true });
      for await (const _ of stream) break;
      assert.ok(stream.controller.signal.aborted);
    }],
  ];
}
