// Runs every proof, one after the other, and says how many held. `run` beside it has the usage.

import { aiSdkProofs } from "./ai-sdk.mjs";
import { browserProofs } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";
import { openaiSdkProofs } from "./openai-sdk.mjs";
import { sampleProofs } from "./samples.mjs";

const LONGEST_MS = 45_000;

const gateways = [];
process.on("exit", () => gateways.forEach((gateway) => gateway.stop()));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

/** Settles as the proof does, or rejects once it has taken too long. */
async function inTime(prove) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LONGEST_MS / 1000} s`)), LONGEST_MS);
  });
  try {
    await Promise.race([prove(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the proofs of one client. Returns how many failed. */
async function runGroup(title, proofs) {
  console.log(`\n${title}`);
  let failed = 0;
  for (const [claim, prove] of proofs) {
    const started = performance.now();
    try {
      await inTime(prove);
      console.log(`  ok    ${claim} (${Math.round(performance.now() - started)} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`  FAIL  ${claim}`);
      console.log(String(error?.stack ?? error).replace(/^/gm, "        "));
    }
  }
  return failed;
}

const hurried = await startGateway(0);
gateways.push(hurried);
const paced = await startGateway(8);
gateways.push(paced);

const groups = [
  ["The service's samples, in Node", sampleProofs(hurried)],
  ["OpenAI SDK for Node", openaiSdkProofs(hurried)],
  ["Vercel AI SDK", aiSdkProofs(hurried)],
  ["React sample, in Chromium", browserProofs(paced)],
];
let total = 0;
let failed = 0;
for (const [title, proofs] of groups) {
  total += proofs.length;
  failed += await runGroup(title, proofs);
}
console.log(`\n${total - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
