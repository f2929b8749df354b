-- What the report's own constructs become; run by Quarto and by `gridpress render` alike.

local typst = FORMAT == 'typst'
if not typst and not FORMAT:match('^html') then
  io.stderr:write('report.lua: the report is made as html and typst (its PDF), not as ' .. FORMAT ..
    ': call `quarto render report/report.qmd --to typst`.\n')
  os.exit(1)
end
local raw = pandoc.RawBlock

-- A string literal of Typst.
local function literal(text)
  return '"' .. text:gsub('[\\"]', '\\%0'):gsub('\r?\n', '\\n') .. '"'
end

local function wrap(before, blocks, after)
  local result = pandoc.Blocks { raw('typst', before) }
  result:extend(blocks)
  result:insert(raw('typst', after))
  return result
end

local function html(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

-- Tables are written as HTML, which alone has spans and alignment by cell.
local function parse_table(block)
  if block.format == 'html' and block.text:match('^%s*<table') and typst then
    return pandoc.read(block.text, 'html').blocks
  end
end

-- pandoc would put each table into a figure of its own, uncounted by ours and unbreakable.
local function typst_table(tbl)
  tbl.classes:insert('typst:no-figure')
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      for _, block in ipairs(cell.contents) do
        if block.content then block.content = { pandoc.Strong(block.content) } end
      end
    end
  end
  return tbl
end

local boxes = {}

function boxes.note(div)
  local title = div.attributes.title
  if typst then
    return wrap('#note(title: ' .. (title and literal(title) or 'none') .. ')[', div.content, ']')
  end
  div.attributes = { role = 'note' }
  if title then
    div.content:insert(1, pandoc.Div({ pandoc.Plain { pandoc.Str(title) } }, { class = 'note-title' }))
  end
  return div
end

function boxes.details(div)
  local summary = div.attributes.summary or error('a .details box has no summary')
  if typst then
    return wrap('#details(' .. literal(summary) .. ')[', div.content, ']')
  end
  local result = pandoc.Blocks {
    raw('html', '<details><summary>' .. html(summary) .. '</summary><div class="details-body">') }
  result:extend(div.content)
  result:insert(raw('html', '</div></details>'))
  return result
end

function boxes.sideways(div)
  if typst then return wrap('#sideways[', div.content, ']') end
end

-- A page of its own would leave the headings before it alone on theirs.
local function take_headings(blocks)
  if not typst then return end
  local result = pandoc.Blocks {}
  for _, block in ipairs(blocks) do
    if block.t == 'Div' and block.classes:includes('sideways') then
      while #result > 0 and result[#result].t == 'Header' do
        block.content:insert(1, result:remove(#result))
      end
    end
    result:insert(block)
  end
  return result
end

local function box(div)
  for class, build in pairs(boxes) do
    if div.classes:includes(class) then return build(div) end
  end
end

-- PDF/UA wants a spoken form of each formula.
local function formula(math)
  if typst then
    return { pandoc.RawInline('typst', '#{ set math.equation(alt: ' .. literal(math.text) .. '); ['), math,
      pandoc.RawInline('typst', '] }') }
  end
end

-- Data that the page carries can't be saved from paper.
local function link(node)
  if typst and node.attributes.download then return node.content end
end

-- Quarto has a look of its own for code blocks.
local function listing(block)
  local label = block.identifier ~= '' and ' <' .. block.identifier .. '>' or ''
  if typst then return raw('typst', '#listing(' .. literal(block.text) .. ')' .. label) end
end

-- On a phone a picture keeps a size at which it can be read, and scrolls inside its own frame.
local function picture(image)
  if (image.attributes['fig-alt'] or ''):match('^%s*$') then
    error('the picture ' .. image.src .. ' has no alternative text')
  end
  if typst then return end
  local label = 'Picture ' .. image.src:match('([^/]*)%.%w+$'):gsub('-', ' ')
  local attributes = { { 'tabindex', '0' }, { 'role', 'region' }, { 'aria-label', label } } -- in this order
  return pandoc.Span({ image }, pandoc.Attr('', { 'scroll' }, attributes))
end

-- Properties of a file, and attributes, hold no markup.
local function bare(text)
  text = pandoc.utils.stringify(text)
  return typst and pandoc.MetaInlines { pandoc.RawInline('typst', literal(text)) } or pandoc.MetaString(text)
end

local function meta(data)
  local authors = pandoc.List(data['by-author'] or {})
  data['author-names'] = pandoc.MetaList(authors:map(function(author) return bare(author.name.literal) end))
  if data.description then data.description = bare(data.description) end
  if quarto then data.renderer = pandoc.MetaInlines { pandoc.Str('Quarto ' .. tostring(quarto.version)) } end
  return data
end

return {
  { Meta = meta, RawBlock = parse_table, Blocks = take_headings },
  { Table = typst and typst_table or nil, Div = box, Math = formula, Link = link, CodeBlock = listing, Image = picture },
}
