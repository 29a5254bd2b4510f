import type { Shape } from "../../tensor/mod.ts";
import { bytesOf, type ElementType, typeOfFlag } from "../element_type.ts";
import type { ByteCursor } from "./byte_cursor.ts";

/** Elements as they lie in the file. */
export interface StoredElements {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** How an array is stored. */
export type Storage = "dense" | "row_sparse" | "csr";

/** One NDArray record: where things are, not what they are. */
export interface NDArrayRecord {
  readonly storage: Storage;
  readonly shape: Shape;
  readonly data: StoredElements;
  /** row_sparse: row numbers; csr: row pointers, column numbers. */
  readonly indices: readonly StoredElements[];
}

const V1 = 0xF993FAC8;
const V2 = 0xF993FAC9;
const V3 = 0xF993FACA;
const MAX_RANK = 32;
const MAX_DEVICE_TYPE = 6;
const INDEX_ARRAYS = { dense: 0, row_sparse: 1, csr: 2 } as const;
const STORAGES: readonly Storage[] = ["dense", "row_sparse", "csr"];

/**
 * Reads one NDArray record of any version and steps over its elements;
 * `undefined` is the record of an array that was never allocated.
 *
 * The layout is that of `NDArray::Save` in MXNet 0.5 to 2.0.
 */
export async function readRecord(
  cursor: ByteCursor,
): Promise<NDArrayRecord | undefined> {
  const magic = await cursor.u32("an array's version");
  if (magic !== V2 && magic !== V3) return await readOldRecord(cursor, magic);
  const storage = await readStorage(cursor);
  if (magic === V3 && storage !== "dense") {
    throw cursor.invalid("a sparse array has a record of version 3");
  }
  const storedShape = storage === "dense"
    ? undefined
    : await readShape(cursor, { wide: true, allowEmpty: true });
  const shape = await readShape(cursor, { wide: true, allowEmpty: true });
  if (shape === undefined || (shape.length === 0 && magic === V2)) {
    return undefined;
  }
  if (magic === V2 && storage === "dense") refuseEmpty(cursor, shape);
  const type = await readContextAndType(cursor);
  const layouts = [];
  for (let i = 0; i < INDEX_ARRAYS[storage]; i++) {
    layouts.push(await readIndexLayout(cursor));
  }
  const data = takeElements(cursor, type, storedShape ?? shape);
  const indices = layouts.map((layout) =>
    takeElements(cursor, layout.type, layout.shape)
  );
  return { storage, shape, data, indices };
}

async function readOldRecord(
  cursor: ByteCursor,
  magic: number,
): Promise<NDArrayRecord | undefined> {
  const wide = magic === V1;
  const shape = await readShape(
    cursor,
    wide ? { wide } : { wide, rank: magic },
  );
  if (shape === undefined || shape.length === 0) return undefined;
  const type = await readContextAndType(cursor);
  const data = takeElements(cursor, type, shape);
  return { storage: "dense", shape, data, indices: [] };
}

async function readStorage(cursor: ByteCursor): Promise<Storage> {
  const start = cursor.offset;
  const number = await cursor.i32("an array's storage type");
  const storage = STORAGES[number];
  if (storage === undefined) {
    throw cursor.invalid(
      `the storage type is ${number}, it would have to be 0 (dense), 1 (row sparse) or 2 (csr)`,
      start,
    );
  }
  return storage;
}

interface ShapeLayout {
  /** 64-bit extents, else 32-bit. */
  readonly wide: boolean;
  /** Known already in V0 records. */
  readonly rank?: number;
  readonly allowEmpty?: boolean;
}

async function readShape(
  cursor: ByteCursor,
  { wide, rank, allowEmpty = false }: ShapeLayout,
): Promise<Shape | undefined> {
  const start = cursor.offset - (rank === undefined ? 0 : 4);
  const count = rank ?? await cursor.i32("an array's rank");
  if (count === -1) return undefined;
  if (count < 0 || count > MAX_RANK) {
    throw cursor.invalid(
      `an array has rank ${count}, it would have to be 0 to ${MAX_RANK}`,
      start,
    );
  }
  cursor.require(count * (wide ? 8 : 4), "an array's shape");
  const shape: number[] = [];
  for (let i = 0; i < count; i++) {
    shape.push(await (wide ? cursor.u64("extent") : cursor.u32("extent")));
  }
  if (!allowEmpty) refuseEmpty(cursor, shape);
  return shape;
}

function refuseEmpty(cursor: ByteCursor, shape: Shape): void {
  if (!shape.includes(0)) return;
  throw cursor.invalid(`an array has shape [${shape.join(", ")}]`);
}

async function readContextAndType(cursor: ByteCursor): Promise<ElementType> {
  const start = cursor.offset;
  const device = await cursor.i32("an array's device type");
  if (device < 1 || device > MAX_DEVICE_TYPE) {
    throw cursor.invalid(`the device type is ${device}`, start);
  }
  await cursor.i32("an array's device number");
  return await readType(cursor);
}

async function readType(cursor: ByteCursor): Promise<ElementType> {
  const start = cursor.offset;
  const flag = await cursor.i32("an array's element type");
  const type = typeOfFlag(flag);
  if (type === undefined) {
    throw cursor.invalid(
      `the element type is ${flag}, MXNet has 0 to 12`,
      start,
    );
  }
  return type;
}

async function readIndexLayout(
  cursor: ByteCursor,
): Promise<{ readonly type: ElementType; readonly shape: Shape }> {
  const start = cursor.offset;
  const type = await readType(cursor);
  if (type !== "int64" && type !== "int32") {
    throw cursor.invalid(`the indices of a sparse array are ${type}`, start);
  }
  const shape = await readShape(cursor, { wide: true, allowEmpty: true });
  if (shape?.length !== 1) {
    throw cursor.invalid("the indices of a sparse array are not a list", start);
  }
  return { type, shape };
}

function takeElements(
  cursor: ByteCursor,
  type: ElementType,
  shape: Shape,
): StoredElements {
  let length = bytesOf(type);
  for (const extent of shape) length *= extent;
  const what = `${type}[${shape.join(", ")}]`;
  if (!Number.isSafeInteger(length)) {
    throw cursor.invalid(`an array claims to be ${what}`);
  }
  cursor.require(length, what);
  const offset = cursor.offset;
  cursor.seek(offset + length);
  return { type, shape, offset, length };
}
