/** The library that reads and writes tar files, under the names that are used of it. */
export {
  createTarDecoder,
  createTarPacker,
  type ParsedTarEntry,
  type TarPackController,
} from "modern-tar";
