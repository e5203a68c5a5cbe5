/** How much of a page a picture shows, in pixels of the page, and which of its entries is unfolded, counted from 1. */
export interface PictureOf {
  width: number;
  height: number;
  unfolded?: number;
}

/**
 * A page of -o html as an SVG picture without script, in a foreignObject; light or dark as its viewer is. It stands alone: no
 * image, font or style comes from elsewhere. What is below `height` is cut off, and fades out.
 */
export function htmlPicture(page: string, { width, height, unfolded }: PictureOf): string {
  const style = between(page, "<style>", "</style>");
  const body = between(page, "<body>", "<script>")
    .replace(/<form class="tools"[\s\S]*?<\/form>/, "")
    .replace(/<section aria-labelledby="terms">[\s\S]*?<\/section>/, "")
    .replace(
      /<details class="finding" id="finding-(\d+)">([\s\S]*?)<div class="inside">[\s\S]*?<\/div>\s*<\/details>\s*<\/li>/g,
      (entry, at) =>
        // What is folded cannot be seen, and would be most of the file.
        Number(at) === unfolded
          ? entry.replace(">", ' open="">')
          : entry.replace(/<div class="inside">[\s\S]*/, "</details></li>"),
    )
    // XML, unlike HTML, has to be told that these are drawings.
    .replaceAll("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
  const title = between(page, "<title>", "</title>");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img">
<title>${title}</title>
<style>${style}
.fade stop { stop-color: var(--ground); } .frame { fill: none; stroke: var(--line); }
</style>
<foreignObject width="100%" height="100%"><body xmlns="http://www.w3.org/1999/xhtml" style="height: ${String(height)}px; overflow: hidden">${body}</body></foreignObject>
<defs><linearGradient id="fade" class="fade" x2="0" y2="1"><stop offset="0" stop-opacity="0"/><stop offset="1"/></linearGradient></defs>
<rect y="${String(height - 90)}" width="100%" height="90" fill="url(#fade)"/>
<rect class="frame" x="0.5" y="0.5" width="${String(width - 1)}" height="${String(height - 1)}" rx="6"/>
</svg>
`;
}

/** Throws where the page has no such part. */
function between(page: string, start: string, end: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no ${start}`);
  return page.slice(from + start.length, to);
}
