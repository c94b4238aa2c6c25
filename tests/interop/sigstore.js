// Judges checkpoints and inclusion proofs with @sigstore/verify. Reads a JSON list of cases from standard
// input; writes a JSON list of results: "" where a case holds, else why not.
"use strict";
const crypto = require("crypto");
const { verifyCheckpoint } = require("@sigstore/verify/dist/tlog/checkpoint");
const { verifyMerkleInclusion } = require("@sigstore/verify/dist/tlog/merkle");

const bytes = (text) => Buffer.from(text, "base64");

function judge(c) {
  const [name, id, key] = c.vkey.split(/\+(.*?)\+(.*)/s);
  const x = bytes(key).subarray(1).toString("base64url");
  const log = {
    logID: Buffer.from(id, "hex"),
    baseURL: name,
    publicKey: crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
  };
  const entry = {
    canonicalizedBody: bytes(c.body),
    inclusionProof: {
      logIndex: String(c.index),
      hashes: c.path.map(bytes),
      checkpoint: { envelope: c.note },
    },
  };
  // The size and the root are those of the checkpoint, once its signature holds.
  verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
}

const results = JSON.parse(require("fs").readFileSync(0, "utf8")).map((c) => {
  try {
    judge(c);
    return "";
  } catch (error) {
    return String(error.message || error);
  }
});
process.stdout.write(JSON.stringify(results));
