const text = { type: "string" } as const;
const object = { type: "object" } as const;

/** The JSON schema of a legacy manifest, which every archive carries along. */
export const MANIFEST_SCHEMA = {
  $schema: "http://json-schema.org/schema#",
  type: "object",
  definitions: {
    "Created-By": {
      type: "object",
      properties: {
        "Model-Server": { type: "number" },
        "Author": text,
        "Author-Email": text,
      },
      required: ["Model-Server"],
    },
    "Model": {
      type: "object",
      properties: {
        "Parameters": text,
        "Symbol": text,
        "Signature": text,
        "Description": text,
        "Model-Format": text,
        "Model-Name": text,
      },
      required: [
        "Parameters",
        "Symbol",
        "Signature",
        "Model-Format",
        "Model-Name",
      ],
    },
    "Service-Files": {
      type: "object",
      properties: { "File-Name": text, "Description": text },
      required: ["File-Name"],
    },
    "Engine": object,
    "Assets": { type: "array" },
  },
  properties: {
    "Model-Archive-Version": { type: "number" },
    "Model-Archive-Description": text,
    "License": text,
    "Created-By": { $ref: "#/definitions/Created-By" },
    "Model": { $ref: "#/definitions/Model" },
    "Engine": { $ref: "#/definitions/Engine" },
  },
  required: [
    "Model-Archive-Version",
    "License",
    "Created-By",
    "Model",
    "Engine",
  ],
} as const;
