Feature: Somebody from above joins
  Village, central-village office, station, town, county. Each step up brings a helper; nobody below is relieved.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: escalate - what may become dangerous goes one level up
    Scenario: It turns red
      Given Asha's dispute with Bram is reported
      When Ou calls it red
      Then it is carried at the level "office"
      And somebody of the office has joined

    Scenario: It stays yellow
      Given Asha's dispute with Bram is reported
      When Ding screens it yellow with every answer no
      Then it is carried at the level "village"

    Scenario: An official is a party
      Given Asha's dispute with Bram is reported
      When Ding screens it yellow with "official" answered yes
      Then it is carried at the level "office"

    Scenario: Two sessions without a result
      Given Asha's dispute with Bram is in session
      And Ma has adjourned and opened the next session
      When Ma adjourns
      Then it is carried at the level "office"

    Scenario: Whoever had it keeps it
      Given Asha's dispute with Bram is in Ma's hands
      When Ma takes it one level up
      Then it is carried at the level "office"
      And Wang holds the seat of the handler

    Scenario: From the office to the station
      Given Asha's dispute with Bram is in Ma's hands
      And Ma has taken it one level up
      When Ma takes it one level up
      Then it is carried at the level "station"

  Rule: inactivity - five working days without anything done bring somebody from above
    Scenario: Nobody did anything
      Given Asha's dispute with Bram is waiting for consent
      When it becomes Tuesday 23 April 2024, 00:00
      Then it is carried at the level "office"

    Scenario: Somebody wrote a note on Friday
      Given Asha's dispute with Bram is waiting for consent
      And it has become Friday 19 April 2024, 09:00
      And Ma has written a note
      When it becomes Tuesday 23 April 2024, 00:00
      Then it is carried at the level "village"

  Rule: plan - a red case has a plan within a day
    Scenario: Nobody has said how it is carried
      Given Asha's dispute with Bram, graded red, is screened
      When it becomes Tuesday 16 April 2024, 09:01
      Then the deadline "Plan of a red or orange case" is late

    Scenario: Ou leads
      Given Asha's dispute with Bram, graded red, is screened
      When Ou writes the plan
      Then the deadline "Plan of a red or orange case" was kept
