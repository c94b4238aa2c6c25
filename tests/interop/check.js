// Judges proofs with @transmute/rfc9162. Reads a JSON list of cases from standard input, hashes in base64;
// writes a JSON list of true and false.
"use strict";
const { default: rfc9162 } = require("@transmute/rfc9162");

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

async function holds(c) {
  const path = c.path.map(bytes);
  if (c.kind === "inclusion") {
    const proof = { log_id: "", tree_size: c.size, leaf_index: c.index, inclusion_path: path };
    return rfc9162.verifyInclusionProof(bytes(c.root), await rfc9162.leaf(bytes(c.body)), proof);
  }
  // Step 2 of RFC 9162 section 2.1.4.2, which version 0.0.5 leaves out: a power of two begins with its own root.
  if (Number.isInteger(Math.log2(c.old))) path.unshift(bytes(c.oldRoot));
  const proof = { log_id: "", tree_size_1: c.old, tree_size_2: c.size, consistency_path: path };
  return rfc9162.verifyConsistencyProof(bytes(c.oldRoot), bytes(c.root), proof);
}

async function main() {
  const results = [];
  for (const c of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    try {
      results.push(await holds(c));
    } catch (error) {
      results.push(false);
    }
  }
  process.stdout.write(JSON.stringify(results));
}

main();
