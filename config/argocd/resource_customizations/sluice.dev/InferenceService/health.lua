-- A service is Healthy when what the spec asks for serves, and Degraded when nothing will move until somebody changes
-- something. A rollout that waits for a person is Suspended; users are served by the version before it all the while.
local hs = {}

if obj.metadata.deletionTimestamp ~= nil then
  hs.status = "Progressing"
  hs.message = "Being deleted"
  return hs
end

local status = obj.status
if status == nil or status.observedGeneration == nil or status.observedGeneration ~= obj.metadata.generation then
  -- What the status says is about another spec: an old failure must not fail a new sync.
  hs.status = "Progressing"
  hs.message = "Waiting for the operator to see the new spec"
  return hs
end

local is = {}
for _, condition in ipairs(status.conditions or {}) do
  is[condition.type] = condition
end

local function holds(type)
  return is[type] ~= nil and is[type].status == "True"
end

local function because(type)
  if is[type] == nil then
    return "no condition " .. type .. " in status"
  end
  return is[type].message
end

local rollout = status.rollout or {}
local underway = status.candidate ~= nil

if holds("Stalled") then
  hs.status = "Degraded"
  hs.message = because("Stalled")
elseif holds("ApprovalRequired") then
  hs.status = "Suspended"
  hs.message = because("ApprovalRequired")
elseif underway and holds("Paused") and status.stable ~= nil then
  hs.status = "Suspended"
  hs.message = "Paused: " .. (rollout.nextAction or because("Paused"))
elseif underway and obj.spec.predictor.canaryTrafficPercent ~= nil and rollout.stage == "Analyzing" then
  hs.status = "Suspended"
  hs.message = rollout.nextAction
elseif holds("Reconciling") then
  hs.status = "Progressing"
  hs.message = because("Reconciling")
elseif not holds("Ready") then
  hs.status = "Degraded"
  hs.message = because("Ready")
elseif not holds("Promoted") then
  hs.status = "Degraded"
  hs.message = because("Promoted")
else
  hs.status = "Healthy"
  hs.message = because("Promoted")
end

return hs
