-- Refuses what Quarto would treat otherwise than `floats.lua` does. Each fault is a line on stderr:
-- what it is, and a text by which `pandoc.py` finds its line in the document.

local known_classes = {
  note = true, details = true, sideways = true, scroll = true,
  mark = true, underline = true, smallcaps = true, wide = true, footnotes = true,
}
local ids, faults = {}, 0

local function fault(what, needle)
  io.stderr:write('FAULT\t', (what:gsub('%s+', ' ')), '\t', needle or '', '\n')
  faults = faults + 1
end

local function check_classes(node)
  for _, class in ipairs(node.classes) do
    if not known_classes[class] then fault('the class .' .. class, class) end
  end
  for key in pairs(node.attributes) do
    if key:match('^layout') then fault('the attribute ' .. key, key) end
  end
end

local function define(id)
  if id:match('^fig%-') or id:match('^tbl%-') or id:match('^sec%-') then
    if ids[id] then fault('the second #' .. id, '#' .. id) end
    ids[id] = true
  elseif id:match('^%a+%-') and (id:match('^eq%-') or id:match('^lst%-') or id:match('^thm%-')) then
    fault('the label #' .. id .. '; allowed are #fig-, #tbl- and #sec-', '#' .. id)
  end
end

local function exists(path)
  local file = io.open(path, 'rb')
  if file then file:close() end
  return file ~= nil
end

local function figure(node)
  define(node.identifier)
  local image = node.content[1] and node.content[1].content and node.content[1].content[1]
  if not node.identifier:match('^fig%-') or not image or image.t ~= 'Image' or #node.content[1].content > 1 then
    fault('a figure without a #fig- label, or with more than one picture', image and image.src or node.identifier)
    return
  end
  image.attributes.checked = 'yes'
  return node
end

local function image(node)
  local known = node.attributes.checked
  if not known then
    fault('a picture that is not a paragraph of its own with #fig- label and caption', node.src)
  elseif (node.attributes['fig-alt'] or ''):match('^%s*$') then
    fault('a picture without alternative text, ' .. node.src, node.src)
  elseif not exists(node.src) then
    fault('the picture ' .. node.src .. ' does not exist', node.src)
  end
end

local function div(node)
  check_classes(node)
  define(node.identifier)
  if node.identifier:match('^fig%-') then
    fault('a box #' .. node.identifier .. '; a figure is a picture with a label', '#' .. node.identifier)
  elseif node.identifier:match('^tbl%-') then
    local last = node.content[#node.content]
    if #node.content < 2 or last.t ~= 'Para' then
      fault('a table without its caption, #' .. node.identifier, '#' .. node.identifier)
    end
  elseif node.classes:includes('details') and not node.attributes.summary then
    fault('a .details box without summary', '.details')
  end
end

local function heading(node)
  define(node.identifier)
  for _, class in ipairs(node.classes) do fault('the class .' .. class .. ' of a heading', '.' .. class) end
end

local function raw(node)
  if not (node.format == 'html' and node.text:match('^%s*<table.*</table>%s*$')) then
    fault('raw ' .. node.format .. ' that is not a table', node.text:match('[^\n]+'))
  end
end

local function link(node)
  local id = node.target:match('^#(.+)')
  if id and id:match('^%a%a%a%-') and not ids[id] then fault('an unknown target, ' .. node.target, node.target) end
end

local function cite(node)
  local citation = node.citations[1]
  local shown = '@' .. citation.id
  if #node.citations > 1 or citation.mode ~= 'AuthorInText' then
    fault('a reference in brackets, ' .. pandoc.utils.stringify(node.content), shown)
  elseif not ids[citation.id] then
    fault('an unknown reference, ' .. shown, shown)
  end
end

local function line_block(node)
  fault('a line block', '| ' .. pandoc.utils.stringify(node.content[1]))
end

function Pandoc(document)
  document.blocks = document.blocks:walk { Figure = figure }
  document:walk { Header = heading, Div = div, Span = check_classes, RawBlock = raw,
    RawInline = raw, LineBlock = line_block, Image = image }
  document:walk { Cite = cite, Link = link } -- of the abstract too
  if faults > 0 then os.exit(3) end
end
