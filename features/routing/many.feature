Feature: A dispute of many is given out by the same rules
  Forty villagers are forty people to be related to. Who goes on by himself is given out anew, and whoever had the
  matter before knows the people.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: whoever is close to one of many is left out
    Scenario: The last of forty is Wang's cousin
      Given Wang is a cousin of the last of 40 villagers against Bram
      And their dispute is reported
      When Ding lets the engine choose the handler
      Then Wu holds the seat of the handler
      And the explanation says that Wang was left out: "related to a party"
      And made again, every decision is the same

  Rule: orange-2 - five or more on a side are a dispute that may escalate
    Scenario: What the safety questions say
      Given 40 villagers stand against Bram
      And their dispute is reported
      When Ding screens it yellow with "mass" answered yes
      Then the grade "orange" is proposed, because "five or more stand on a side"
      And the case is graded "yellow"

  Rule: split_off - those who do not sign go on in a case of their own, which is given out anew
    Background:
      Given 40 villagers and Bram have agreed before Ma
      And all have signed but the last 2 villagers

    Scenario: Nobody has it yet
      When Ma splits off the last 2 villagers
      Then nobody holds the seat of the handler in the new case
      And Wang holds the seat of the handler

    Scenario: Wang knows them
      Given Ma has split off the last 2 villagers
      When Ding lets the engine choose the handler of the new case
      Then Wang holds the seat of the handler in the new case
      And the explanation of the new case says that Wang handled these people before
      And made again, every decision is the same
