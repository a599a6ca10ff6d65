/** The minutes' Markdown as blocks to draw: headings, lists, tables, paragraphs. Only what the minutes are written in. Pure. */

/** A piece of a document. */
export type Block = { is: "heading"; level: number; text: string } | { is: "list"; items: string[] } | { is: "table"; head: string[]; rows: string[][] } | { is: "text"; text: string };

function cells(line: string): string[] {
  return line
    .replace(/^\|/, "")
    .replace(/\|\s*$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell.trim()));
}

function plain(text: string): string {
  return text.replaceAll("\\|", "|").replaceAll("**", "");
}

/** The blocks of a text. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const raw of markdown.split("\n")) {
    const line = raw.trim();
    const last = blocks.at(-1);
    const heading = /^(#{1,4}) (.*)$/.exec(line);
    if (line === "") continue;
    if (heading) blocks.push({ is: "heading", level: heading[1]?.length ?? 1, text: plain(heading[2] ?? "") });
    else if (line.startsWith("- ")) {
      if (last?.is === "list") last.items.push(plain(line.slice(2)));
      else blocks.push({ is: "list", items: [plain(line.slice(2))] });
    } else if (line.startsWith("|")) {
      if (/^\|[\s|:-]+\|$/.test(line)) continue;
      if (last?.is === "table") last.rows.push(cells(line));
      else blocks.push({ is: "table", head: cells(line), rows: [] });
    } else blocks.push({ is: "text", text: plain(line) });
  }
  return blocks;
}
