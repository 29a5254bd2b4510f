import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { selfSigned } from "../../src/server/tls/self_signed.ts";
import { readIdentity, type TlsSource } from "../../src/server/tls/tls.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import { echo, listenTo, portOf } from "./support/listeners.ts";

const HTTPS = { scheme: "https", host: "127.0.0.1", port: 0 } as const;

/** What a caller of a TLS server sees. */
interface Seen {
  readonly protocol: string | null;
  /** The SHA-256 of its certificate. */
  readonly fingerprint: string;
}

/** Connects and looks at what it gets. */
function look(port: number, options: object = {}): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const socket = connect({
    port,
    host: "127.0.0.1",
    rejectUnauthorized: false,
    ...options,
  }, () => {
    const fingerprint = socket.getPeerCertificate().fingerprint256;
    resolve({ protocol: socket.getProtocol(), fingerprint });
    socket.destroy();
  });
  socket.on("error", reject);
  return promise;
}

async function pemFiles(
  folder: TempFolder,
  name: string,
): Promise<TlsSource & { kind: "pem" }> {
  const identity = await selfSigned("localhost");
  assert.ok("cert" in identity);
  return {
    kind: "pem",
    certificateFile: await folder.write(`${name}.crt`, identity.cert),
    privateKeyFile: await folder.write(`${name}.key`, identity.key),
  };
}

Deno.test("selfSigned() makes a certificate", async (t) => {
  const identity = await selfSigned("model-server.example");
  assert.ok("cert" in identity);
  const certificate = new X509Certificate(identity.cert);

  await t.step("for this machine and the host, signed by itself", () => {
    assert.equal(certificate.checkHost("localhost"), "localhost");
    assert.equal(
      certificate.checkHost("model-server.example"),
      "model-server.example",
    );
    assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
    assert.equal(certificate.checkIP("::1"), "::1");
    assert.equal(certificate.issuer, certificate.subject);
    assert.ok(certificate.verify(certificate.publicKey));
  });

  await t.step("that is good now, and never twice the same", async () => {
    assert.ok(new Date(certificate.validFrom) < new Date());
    assert.ok(new Date(certificate.validTo) > new Date());
    const other = await selfSigned("model-server.example");
    assert.ok("cert" in other && other.cert !== identity.cert);
  });
});

Deno.test("Listener with https", async (t) => {
  await using folder = await tempFolder();

  await t.step("answers who trusts a certificate of its own", async () => {
    const source = await pemFiles(folder, "first");
    await using listener = await listenTo(echo, {
      address: HTTPS,
      tls: source,
    });
    const trusted = await Deno.readTextFile(source.certificateFile);
    using client = Deno.createHttpClient({
      caCerts: [trusted],
      poolMaxIdlePerHost: 0,
    });
    const response = await fetch(`https://localhost:${portOf(listener)}/a`, {
      client,
    });
    assert.equal(await response.text(), "GET /a ");
  });

  await t.step("speaks TLS 1.2 and 1.3", async () => {
    await using listener = await listenTo(echo, { address: HTTPS });
    const port = portOf(listener);
    assert.equal((await look(port)).protocol, "TLSv1.3");
    assert.equal(
      (await look(port, { maxVersion: "TLSv1.2" })).protocol,
      "TLSv1.2",
    );
  });

  await t.step(
    "takes up a new certificate, and keeps the old where it is bad",
    async () => {
      const source = await pemFiles(folder, "second");
      await using listener = await listenTo(echo, {
        address: HTTPS,
        tls: source,
      });
      const port = portOf(listener);
      const before = await look(port);
      await pemFiles(folder, "second");
      await listener.reloadCertificate();
      const after = await look(port);
      assert.notEqual(after.fingerprint, before.fingerprint);
      await folder.write("second.key", "garbage");
      await assert.rejects(listener.reloadCertificate(), {
        code: "invalid_settings",
      });
      assert.equal((await look(port)).fingerprint, after.fingerprint);
    },
  );

  await t.step("is not disturbed by who speaks no TLS", async () => {
    await using listener = await listenTo(echo, { address: HTTPS });
    const connection = await Deno.connect({ port: portOf(listener) });
    await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    await connection.read(new Uint8Array(100)).catch(() => null);
    connection.close();
    assert.equal((await look(portOf(listener))).protocol, "TLSv1.3");
  });
});

// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes
//   -subj /CN=localhost -days 36500 …; openssl pkcs12 -export -passout pass:changeit
const KEYSTORE = Uint8Array.fromBase64(
  "MIIEDAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAmIGCSqGSIb3DQEHBqCCAlMwggJP" +
    "AgEAMIICSAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi7OPDigUHo" +
    "DAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEEP7Hf+pfU3VSdAgZtxD93aAggHgb5NE" +
    "FSzaRkPjfHyuID245iapDEsEU+fphyWqrMvAYfeYWHqWmlKZH76svqOmXDlqLkkTVx/wjo489bUb" +
    "a145qVfjXOgN/M31R9qpgIiU3z7Tm2UXZhj1xa3YdkjJ4qyVLMIM8dxZFest9hoHoStHEkwYEp4Z" +
    "LPW9R+9HuZ5bO3pD3gqtS73JxCgV+vPzmrs4yna/veObP60nkoIbq13dILfOwyA/iSVkRYjDietp" +
    "IM+aiPcqzqka7Ok6UIm9Iqtgv/AbLeFdLBFSBs3j4XuDx5eTHN8UdfMH3BGKUngamBIUwnc6DVcj" +
    "R6LFf+wjBSW3zd3amhHqhPUowoy8KwacMKVzshMJFXbDKg8JIGgrvKUux/4u5RDyayjAqt4ZVM8y" +
    "Q6iFYgirbxC/QnMEoBFcJUEZVBNnlXN7gTGzf9EE2ZFqT3vhRuva1VTaxQ3BYzr5nbZW22bjN42b" +
    "w7rgybNnYG+sX+i6lEJDSh/IR5FylY4q0GXIb5nfhuNI2LNU+J7ApHZM4dWrYLqVQ3olpwxiP7lh" +
    "TrtGaMb7p3NzvbHhtQr/0vDa8GEw87Qe7T1rPPmAKmBGMvz13LsR9YVxRFIQpAFAE2KxyQn8AO8a" +
    "zSuraxGhm142qOK/AJhxpWdLgfUPMIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEqMIIBJgYLKoZI" +
    "hvcNAQwKAQKgge8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECMPOF2u6IxrhAgII" +
    "ADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQv1DTvaoCFjzHvDoQ4sqEdQSBkOv3WnHNQ2EK" +
    "6oA4P9H4iWlMs9EPm1mgBG74L8n6pD2rJ4TaMakg+NP9t6owVkuZmtCV7oWjqJwnO8LkTegqa7QT" +
    "nCBgMmrQGMW2nmK3Y3m2K6HA2kLLMbo90X+/FPnfWNQw84gVnCetFqLVqqTX+M90SPVjFMhGtU06" +
    "EVW7t8m7UaTDT6Id6Ys/MuLeuYmU0DElMCMGCSqGSIb3DQEJFTEWBBRLxX+r6vU7fB1NQwQqiIXH" +
    "ISNWezBBMDEwDQYJYIZIAWUDBAIBBQAEIBTNHcn8wGDxNshcwDFiSdNXLAdZUL/kd0Frrg96/Q0q" +
    "BAiM7zAJNba9nQICCAA=",
);

Deno.test("readIdentity() reads a PKCS12 keystore", async (t) => {
  await using folder = await tempFolder();
  const keystore = await folder.write("store.p12", KEYSTORE);

  await t.step("that a server can use", async () => {
    const tls = { kind: "pkcs12", keystore, passphrase: "changeit" } as const;
    await using listener = await listenTo(echo, { address: HTTPS, tls });
    assert.equal((await look(portOf(listener))).protocol, "TLSv1.3");
  });

  await t.step("but not with another password", async () => {
    const source = { kind: "pkcs12", keystore, passphrase: "wrong" } as const;
    await assert.rejects(readIdentity(source, "localhost"), {
      code: "invalid_settings",
      message: /keystore_pass its password$/,
    });
  });
});

Deno.test("readIdentity() refuses", async (t) => {
  await using folder = await tempFolder();
  const good = await pemFiles(folder, "good");
  const other = await pemFiles(folder, "other");
  const garbage = await folder.write("garbage", "garbage");
  const java = await folder.write(
    "java.jks",
    Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2),
  );
  const CASES: readonly [string, TlsSource, RegExp][] = [
    ["a key of another certificate", {
      ...good,
      privateKeyFile: other.privateKeyFile,
    }, /it is not the key of/],
    [
      "what is no certificate",
      { ...good, certificateFile: garbage },
      /it should be a certificate in PEM$/,
    ],
    [
      "what is no key",
      { ...good, privateKeyFile: garbage },
      /it should be a private key in PEM/,
    ],
    [
      "what is not there",
      { ...good, privateKeyFile: "nowhere.key" },
      /^Cannot read private_key_file "nowhere\.key": No such file or directory$/,
    ],
    ["a keystore that is not there", {
      kind: "pkcs12",
      keystore: "nowhere.p12",
      passphrase: "x",
    }, /^Cannot read keystore "nowhere\.p12": No such file or directory$/],
    ["what is no keystore", {
      kind: "pkcs12",
      keystore: garbage,
      passphrase: "x",
    }, /it should be a PKCS12 keystore/],
    ["a keystore of Java's own kind", {
      kind: "pkcs12",
      keystore: java,
      passphrase: "x",
    }, /keytool -importkeystore/],
  ];
  for (const [what, source, message] of CASES) {
    await t.step(what, async () => {
      await assert.rejects(readIdentity(source, "localhost"), {
        code: "invalid_settings",
        message,
      });
    });
  }
});
